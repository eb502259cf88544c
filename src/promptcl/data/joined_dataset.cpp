#include "promptcl/data/joined_dataset.h"

#include "promptcl/core/error.h"
#include "promptcl/io/sha256.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <span>
#include <utility>

namespace promptcl::data {

JoinedDataset::JoinedDataset(std::vector<Part> parts) : parts_(std::move(parts)) {
    require(!parts_.empty(), "there is a data set to join");
    std::int64_t end = 0;
    for (const auto& part : parts_)
        ends_.push_back(end += part.images->size());
}

JoinedDataset::Place JoinedDataset::place(std::int64_t i) const {
    require(i >= 0 && i < size(), "the number of an image lies in the data set");
    const auto part = std::ranges::upper_bound(ends_, i) - ends_.begin();
    const auto begin = part == 0 ? 0 : ends_[static_cast<std::size_t>(part) - 1];
    return {parts_[static_cast<std::size_t>(part)], i - begin};
}

ImageView JoinedDataset::image(std::int64_t i) const {
    const auto [part, own] = place(i);
    return part.images->image(own);
}

std::int64_t JoinedDataset::label(std::int64_t i) const {
    const auto [part, own] = place(i);
    return part.first_label + part.images->label(own);
}

std::string JoinedDataset::origin(std::int64_t i) const {
    const auto [part, own] = place(i);
    return fmt::format("{}/{}", part.name, part.images->origin(own));
}

std::string JoinedDataset::sha256(std::int64_t i) const {
    const auto [part, own] = place(i);
    return part.images->sha256(own);
}

std::vector<std::int64_t> JoinedDataset::part_of_each() const {
    std::vector<std::int64_t> parts;
    for (std::size_t part = 0; part < parts_.size(); ++part)
        parts.resize(static_cast<std::size_t>(ends_[part]), static_cast<std::int64_t>(part));
    return parts;
}

DataSource join_as_tasks(std::vector<NamedSource> sources) {
    DataSource joined;
    TaskLabels tasks;
    std::vector<JoinedDataset::Part> train, test;
    io::Sha256 digest;
    for (NamedSource& named : sources) {
        DataSource& source = named.source;
        const auto first_label = std::ssize(joined.class_names);
        train.push_back({named.name, std::move(source.train), first_label});
        test.push_back({named.name, std::move(source.test), first_label});
        tasks.names.push_back(named.name);
        for (const auto& class_name : source.class_names)
            joined.class_names.push_back(fmt::format("{}/{}", named.name, class_name));
        const std::string line = fmt::format("{} {}\n", named.name, source.sha256);
        digest.update(std::as_bytes(std::span(line)));
        std::ranges::move(source.skipped, std::back_inserter(joined.skipped));
    }
    auto all_train = std::make_unique<JoinedDataset>(std::move(train));
    auto all_test = std::make_unique<JoinedDataset>(std::move(test));
    tasks.train = all_train->part_of_each();
    tasks.test = all_test->part_of_each();
    joined.train = std::move(all_train);
    joined.test = std::move(all_test);
    joined.tasks = std::move(tasks);
    joined.sha256 = digest.hex();
    return joined;
}

}  // namespace promptcl::data
