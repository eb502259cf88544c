#include "promptcl/train/queries.h"

#include "promptcl/core/error.h"
#include "promptcl/core/version.h"
#include "promptcl/io/sha256.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <string>

namespace promptcl::train {
namespace {

constexpr auto kNoCompany = std::numeric_limits<std::size_t>::max();

/// Other digits for other batches: runs that batch their images differently share no file, in which
/// they would overwrite each other's rows.
std::string grouping(const stream::TaskStream& stream, Split split, std::int64_t batch_size) {
    io::Sha256 digest;
    const auto add = [&](const std::vector<std::int64_t>& images) {
        const std::int64_t count = std::ssize(images);
        digest.update(std::as_bytes(std::span(&count, 1)));
        digest.update(std::as_bytes(std::span(images)));
    };
    if (split == Split::kTrain) {
        for (const auto& task : stream.tasks)
            add(task.train);
    } else {
        for (const auto& test : stream.tests)
            add(test.images);
    }
    return fmt::format("{} in batches of {}", digest.hex(), batch_size);
}

/// What the pixels of an evaluated image depend on beside its sizes.
std::string pixels_of(const config::Images& images) {
    std::string text = images.jpeg_dct == "fast" ? "jpeg_dct fast\n" : "";
    if (images.normalizes()) {
        text += fmt::format("normalised {} {}\n", fmt::join(images.norm_mean, " "),
                            fmt::join(images.norm_std, " "));
    }
    return text;
}

std::string identity_of(const Experiment& experiment, const std::string& query, Split split) {
    const auto& config = experiment.config;
    const bool trains = split == Split::kTrain;
    return fmt::format(
        "promptcl {}\nbackbone {} {}\ngelu {}\ninput_size {}\nresize_size {}\nquery {}\nengine "
        "{}\n{}\n"
        "{}data {} {}\nimages {}\n",
        kVersion, experiment.identity.backbone_sha256, experiment.backbone->geometry().describe(),
        config.gelu, config.images.input_size, config.images.resize_size, query,
        experiment.backbone->arithmetic(), tensor::arithmetic(), pixels_of(config.images),
        experiment.identity.data_sha256, trains ? "train" : "test",
        grouping(experiment.stream, split,
                 trains ? config.global_batch_size() : config.per_device_batch_size));
}

}  // namespace

data::FeatureCache open_query_cache(const Experiment& experiment, const method::Method& method,
                                    Split split) {
    const auto& config = experiment.config;
    const bool trains = split == Split::kTrain;
    const method::QueryKind query = method.query_kind();
    const data::FeatureShape shape{
        .images = (trains ? experiment.data.train : experiment.data.test)->size(),
        .width = query.width};
    const bool augmented = !trains && config.evaluation.eval_train_augmentation;
    if (query.width == 0 || !query.constant || augmented || !config.query_cache ||
        config.cache_dir.empty())
        return data::FeatureCache(shape);
    try {
        return {config.cache_dir, fmt::format("{}-{}", config.dataset, trains ? "train" : "test"),
                identity_of(experiment, query.name, split), shape};
    } catch (const Error& error) {
        throw Error(fmt::format("{}, or set query_cache = false", error.what()));
    }
}

stream::Batch load_asked(const data::FeatureCache& cache, const data::Dataset& split,
                         const data::Company& company, stream::Pixels pixels,
                         const std::function<stream::Batch()>& load) {
    auto query = cache.find(company);
    const bool bare = !query.empty() && pixels == stream::Pixels::kUnread;
    stream::Batch batch = bare ? stream::batch_without_images(split, company.images()) : load();
    batch.query = std::move(query);
    return batch;
}

Tensor query_of(const method::Method& method, std::span<const Asked> asked, const Tensor& images,
                data::FeatureCache& cache) {
    std::vector<Tensor> unasked;
    std::int64_t place = 0;
    for (const auto& [batch, company, has_images] : asked) {
        if (batch.query.empty()) unasked.push_back(images.narrow(0, place, batch.size()));
        if (has_images) place += batch.size();
    }
    Tensor computed;
    if (!unasked.empty()) {
        const bool all = unasked.size() == asked.size();
        computed = method.query(all ? images : at::cat(unasked)).contiguous();
        tensor::expect_shape(computed, {-1, cache.width()}, "query");
    }
    std::vector<Tensor> rows;
    place = 0;
    for (const auto& [batch, company, _] : asked) {
        if (!batch.query.empty()) {
            rows.push_back(tensor::from_floats(batch.query, {batch.size(), cache.width()}));
            continue;
        }
        rows.push_back(computed.narrow(0, place, batch.size()));
        place += batch.size();
        if (cache.width() == 0 || !method.query_kind().constant) continue;
        const Tensor& row = rows.back();
        cache.keep(company, {row.data_ptr<float>(), static_cast<std::size_t>(row.numel())});
    }
    return rows.size() == 1 ? rows.front() : at::cat(rows);
}

Tensor query_of(const method::Method& method, const stream::Batch& batch, const Tensor& images,
                const data::Company& company, data::FeatureCache& cache) {
    const Asked one{batch, company, images.defined()};
    return query_of(method, std::span(&one, 1), images, cache);
}

UnaugmentedQueries::UnaugmentedQueries(const Experiment& experiment,
                                       const input::ImageSource& images, data::FeatureCache& cache)
    : experiment_(experiment),
      images_(images),
      cache_(cache),
      company_of_(static_cast<std::size_t>(experiment.data.train->size()), kNoCompany) {
    const auto batch_size = static_cast<std::size_t>(experiment.config.global_batch_size());
    std::vector<std::int64_t> together;
    const auto close = [&] {
        if (together.empty()) return;
        companies_.emplace_back(together);
        together.clear();
    };
    for (const auto& task : experiment.stream.tasks) {
        for (const auto id : task.train) {
            auto& company = company_of_[static_cast<std::size_t>(id)];
            if (company != kNoCompany) continue;
            company = companies_.size();
            together.push_back(id);
            if (together.size() == batch_size) close();
        }
        close();
    }
}

const data::Company& UnaugmentedQueries::company_of(std::int64_t id) const {
    return companies_.at(company_of_.at(static_cast<std::size_t>(id)));
}

Tensor UnaugmentedQueries::of(const method::Method& method, std::span<const std::int64_t> ids) {
    const Tensor rows = at::empty({std::ssize(ids), cache_.width()});
    const auto width = static_cast<std::size_t>(cache_.width());
    for (std::size_t k = 0; k < ids.size(); ++k) {
        const data::Company& company = company_of(ids[k]);
        const std::span row(rows.data_ptr<float>() + k * width, width);
        if (cache_.read(ids[k], company, row)) continue;
        const auto place = std::ranges::find(company.images(), ids[k]) - company.images().begin();
        rows[static_cast<std::int64_t>(k)].copy_(computed(method, company)[place]);
    }
    return rows;
}

Tensor UnaugmentedQueries::computed(const method::Method& method, const data::Company& company) {
    stream::Batch batch = images_.evaluation_batch(*experiment_.data.train, company.images());
    const Tensor images = images_.take_images(batch);
    return query_of(method, batch, images, company, cache_);
}

}  // namespace promptcl::train
