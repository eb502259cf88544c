#include "promptcl/train/evaluation.h"

#include "promptcl/core/error.h"
#include "promptcl/input/batch_tensor.h"
#include "promptcl/stream/batch_loader.h"
#include "promptcl/train/queries.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <span>

namespace promptcl::train {
namespace {

/// Sums of a running score.
struct Tally {
    double correct = 0, loss = 0;

    void add(const Tensor& logits, const Tensor& labels) {
        correct += (logits.argmax(1) == labels).sum().item<double>();
        loss += at::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum).item<double>();
    }
    Score over(std::int64_t images) const {
        const auto n = static_cast<double>(images);
        return {.accuracy = correct / n, .loss = loss / n};
    }
};

Tensor only_classes(const Tensor& logits, const std::vector<std::int64_t>& classes) {
    const Tensor ids = tensor::from_ints(classes);
    return at::full_like(logits, -std::numeric_limits<double>::infinity())
        .index_copy_(1, ids, logits.index_select(1, ids));
}

/// Logits with each image's own prompts, given those with the voted ones.
Tensor instance_logits(const method::Method& method, const Tensor& images, const Tensor& query,
                       const BatchPrediction& all) {
    const Tensor &own = all.instance_prompt_idx, &voted = all.prompt_idx;
    if (!own.defined()) return all.logits;
    const Tensor same = (std::get<0>(own.sort(1)) == std::get<0>(voted.sort(1))).all(1);
    const Tensor rows = at::nonzero(same.logical_not()).flatten();
    if (rows.numel() == 0) return all.logits;
    const Tensor of_rows =
        images.defined() ? images.index_select(0, rows.to(images.device())) : images;
    Tensor logits = all.logits.clone();
    logits.index_copy_(
        0, rows, method.logits(of_rows, query.index_select(0, rows), own.index_select(0, rows)));
    return logits;
}

/// One behind the other; undefined ones are left out.
Tensor joined(std::vector<Tensor> parts) {
    std::erase_if(parts, [](const Tensor& part) { return !part.defined(); });
    return parts.empty() ? Tensor() : parts.size() == 1 ? parts.front() : at::cat(parts);
}

Tensor rows_of(const Tensor& all, std::int64_t first, std::int64_t count) {
    return all.defined() ? all.narrow(0, first, count) : all;
}

}  // namespace

/// A batch that waits for the network.
struct Evaluator::Loaded {
    stream::Batch batch;
    data::Company company;
};

Evaluator::Evaluator(const Experiment& experiment, data::FeatureCache queries)
    : experiment_(experiment),
      config_(experiment.config),
      images_(*experiment.data.test),
      source_(experiment.images_of(images_)),
      queries_(std::move(queries)) {}

std::optional<Rng> Evaluator::augmentation(std::int64_t test, std::int64_t batch) const {
    if (!config_.evaluation.eval_train_augmentation) return std::nullopt;
    const Rng rng(static_cast<std::uint64_t>(config_.seed));
    return rng.fork("evaluation", test).fork("batch", batch);
}

std::int64_t Evaluator::count(std::int64_t test) const {
    std::int64_t count =
        std::ssize(experiment_.stream.tests[static_cast<std::size_t>(test)].images);
    if (config_.evaluation.eval_drop_remainder) count -= count % config_.global_batch_size();
    if (config_.evaluation.num_eval_steps > 0) {
        count = std::min(count, config_.evaluation.num_eval_steps * config_.global_batch_size());
    }
    if (count == 0) {
        throw UsageError("eval_drop_remainder leaves no image of a test set",
                         "lower per_device_batch_size or switch it off");
    }
    return count;
}

data::Company Evaluator::company(std::int64_t test, std::int64_t batch) const {
    const std::int64_t first = batch * config_.per_device_batch_size;
    const std::int64_t size = std::min(count(test) - first, config_.per_device_batch_size);
    const auto rng = augmentation(test, batch);
    return data::Company(
        std::span(experiment_.stream.tests[static_cast<std::size_t>(test)].images)
            .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(size)),
        rng ? rng->seed() : 0);
}

stream::Batch Evaluator::load(const method::Method& method, std::int64_t test,
                              std::int64_t batch) const {
    const data::Company which = company(test, batch);
    const auto pixels = method.reads_images() ? stream::Pixels::kRead : stream::Pixels::kUnread;
    return load_asked(queries_, images_, which, pixels, [&] {
        const auto rng = augmentation(test, batch);
        return rng ? source_->training_batch(images_, which.images(), *rng)
                   : source_->evaluation_batch(images_, which.images());
    });
}

const Tensor& Evaluator::padding(const method::Method& method) {
    if (!padding_.defined()) {
        const std::int64_t side = config_.images.input_size;
        const auto device = experiment_.images_on.value_or(c10::Device(c10::kCPU));
        padding_ = method.query(at::zeros({1, 3, side, side}, at::device(device)));
    }
    return padding_;
}

Tensor Evaluator::voted(const method::Method& method, const Tensor& query) {
    const std::int64_t missing = config_.per_device_batch_size - query.size(0);
    if (missing == 0 || !config_.evaluation.eval_pad_last_batch || !config_.votes())
        return method.choose(query, method::Choice::kConfigured);
    const Tensor zeros = padding(method).to(query.device()).expand({missing, query.size(1)});
    const Tensor chosen = method.choose(at::cat({query, zeros}), method::Choice::kConfigured);
    return rows_of(chosen, 0, query.size(0));
}

std::vector<BatchPrediction> Evaluator::predictions(const method::Method& method, std::int64_t test,
                                                    Mode mode, std::vector<Loaded>& batches) {
    std::vector<Asked> asked;
    std::vector<Tensor> pixels, configured, own;
    for (auto& [batch, company] : batches) {
        asked.push_back({batch, company, batch.has_images()});
        pixels.push_back(source_->take_images(batch));
    }
    const Tensor images = joined(pixels), query = query_of(method, asked, images, queries_);
    std::vector<BatchPrediction> result;
    std::int64_t first = 0;
    for (const auto& [batch, company] : batches) {
        const Tensor of_batch = query.narrow(0, first, batch.size());
        configured.push_back(voted(method, of_batch));
        if (mode == Mode::kBoth) own.push_back(method.choose(of_batch, method::Choice::kInstance));
        first += batch.size();
    }
    const bool all_seen = images.defined() && images.size(0) == query.size(0);
    const Tensor seen = all_seen ? images : Tensor();
    BatchPrediction all{.prompt_idx = joined(configured), .instance_prompt_idx = joined(own)};
    all.logits = method.logits(seen, query, all.prompt_idx);
    if (mode == Mode::kBoth) all.instance_logits = instance_logits(method, seen, query, all);
    first = 0;
    for (const auto& [batch, company] : batches) {
        const auto rows = [&](const Tensor& of_all) {
            return rows_of(of_all, first, batch.size());
        };
        result.push_back({.test = test,
                          .image_ids = batch.ids,
                          .labels = input::labels_of(batch),
                          .logits = rows(all.logits),
                          .prompt_idx = rows(all.prompt_idx),
                          .instance_logits = rows(all.instance_logits),
                          .instance_prompt_idx = rows(all.instance_prompt_idx)});
        first += batch.size();
    }
    return result;
}

std::optional<TestScore> Evaluator::evaluate(const method::Method& method, std::int64_t test,
                                             Mode mode, const std::function<bool()>& keep_going,
                                             const Sink& sink) {
    const at::NoGradGuard no_grad;
    const auto& which = experiment_.stream.tests[static_cast<std::size_t>(test)];
    const std::int64_t batch_size = config_.per_device_batch_size;
    const std::int64_t together =
        std::max<std::int64_t>(1, experiment_.backbone->evaluated_at_once() / batch_size);
    TestScore score{.images = count(test)};
    const std::int64_t batches = (score.images + batch_size - 1) / batch_size;
    stream::BatchLoader loader(0, batches, static_cast<int>(config_.num_workers),
                               [&](std::int64_t batch) { return load(method, test, batch); });
    Tally configured, instance;
    const auto scored = [&](const Tensor& logits) {
        return config_.continual.eval_task_inc ? only_classes(logits, which.classes) : logits;
    };
    for (std::int64_t first = 0; first < batches; first += together) {
        if (keep_going && !keep_going()) return std::nullopt;
        std::vector<Loaded> loaded;
        for (std::int64_t batch = first; batch < std::min(batches, first + together); ++batch)
            loaded.push_back({loader.next(), company(test, batch)});
        for (const BatchPrediction& prediction : predictions(method, test, mode, loaded)) {
            configured.add(scored(prediction.logits), prediction.labels);
            if (mode == Mode::kBoth)
                instance.add(scored(prediction.instance_logits), prediction.labels);
            if (prediction.prompt_idx.defined()) {
                const auto chosen = tensor::to_doubles(prediction.prompt_idx);
                score.prompts.insert(score.prompts.end(), chosen.begin(), chosen.end());
            }
            if (sink) sink(prediction);
        }
    }
    score.configured = configured.over(score.images);
    if (mode == Mode::kBoth) score.instance = instance.over(score.images);
    return score;
}

}  // namespace promptcl::train
