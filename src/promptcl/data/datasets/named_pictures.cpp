#include "promptcl/data/datasets/named_pictures.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace promptcl::data {
namespace {

bool is_number(const std::string& name) {
    return !name.empty() &&
           std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Different names in their order.
std::vector<std::string> in_order(const std::set<std::string>& names) {
    std::vector<std::string> ordered(names.begin(), names.end());
    if (std::ranges::all_of(ordered, is_number)) {
        std::ranges::stable_sort(ordered, {}, [](const std::string& name) {
            return std::pair(name.size(), name);  // without leading zeros the longer is larger
        });
    }
    return ordered;
}

std::map<std::string, std::int64_t> numbered(const std::vector<std::string>& names) {
    std::map<std::string, std::int64_t> numbers;
    for (const auto& name : names)
        numbers.emplace(name, std::ssize(numbers));
    return numbers;
}

}  // namespace

PictureListing listing_of(const std::vector<NamedPicture>& pictures) {
    std::set<std::string> classes, tasks;
    for (const auto& picture : pictures) {
        classes.insert(picture.class_name);
        tasks.insert(picture.task_name);
    }
    const bool has_tasks = !tasks.contains("");
    PictureListing listing{
        .class_names = in_order(classes), .task_names = {}, .common_test = false, .pictures = {}};
    if (has_tasks) listing.task_names = in_order(tasks);
    const auto labels = numbered(listing.class_names), places = numbered(listing.task_names);
    for (const auto& [file, class_name, task_name, split] : pictures) {
        listing.pictures.push_back(
            {.file = file,
             .group = has_tasks ? fmt::format("{}/{}", task_name, class_name) : class_name,
             .label = labels.at(class_name),
             .task = has_tasks ? places.at(task_name) : 0,
             .split = split});
    }
    return listing;
}

}  // namespace promptcl::data
