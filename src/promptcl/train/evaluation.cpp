#include "promptcl/train/evaluation.h"

#include "promptcl/core/error.h"
#include "promptcl/stream/batch_loader.h"
#include "promptcl/train/batch_tensor.h"
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
Tensor instance_logits(const method::Method& method, const Tensor& images,
                       const BatchPrediction& voted, const Tensor& query, const Tensor& own) {
    if (!own.defined()) return voted.logits;
    const Tensor same = (std::get<0>(own.sort(1)) == std::get<0>(voted.prompt_idx.sort(1))).all(1);
    const Tensor rows = at::nonzero(same.logical_not()).flatten();
    if (rows.numel() == 0) return voted.logits;
    Tensor logits = voted.logits.clone();
    logits.index_copy_(0, rows,
                       method.logits(images.index_select(0, rows), query.index_select(0, rows),
                                     own.index_select(0, rows)));
    return logits;
}

}  // namespace

Evaluator::Evaluator(const config::Config& config, const data::Dataset& test,
                     const stream::TaskStream& stream, data::FeatureCache queries)
    : config_(config),
      images_(test),
      stream_(stream),
      transform_(static_cast<int>(config.resize_size), static_cast<int>(config.input_size)),
      queries_(std::move(queries)) {}

std::optional<Rng> Evaluator::augmentation(std::int64_t test, std::int64_t batch) const {
    if (!config_.eval_train_augmentation) return std::nullopt;
    const Rng rng(static_cast<std::uint64_t>(config_.seed));
    return rng.fork("evaluation", test).fork("batch", batch);
}

std::int64_t Evaluator::count(std::int64_t test) const {
    std::int64_t count = std::ssize(stream_.tests[static_cast<std::size_t>(test)].images);
    if (config_.eval_drop_remainder) count -= count % config_.global_batch_size();
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
        std::span(stream_.tests[static_cast<std::size_t>(test)].images)
            .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(size)),
        rng ? rng->seed() : 0);
}

stream::Batch Evaluator::load(const method::Method& method, std::int64_t test,
                              std::int64_t batch) const {
    const data::Company which = company(test, batch);
    const auto pixels = method.reads_images() ? stream::Pixels::kRead : stream::Pixels::kUnread;
    return load_asked(queries_, images_, which, pixels, [&] {
        const auto rng = augmentation(test, batch);
        return rng ? stream::training_batch(images_, transform_, which.images(), *rng)
                   : stream::evaluation_batch(images_, transform_, which.images());
    });
}

std::optional<TestScore> Evaluator::evaluate(const method::Method& method, std::int64_t test,
                                             Mode mode, const std::function<bool()>& keep_going,
                                             const Sink& sink) {
    const at::NoGradGuard no_grad;
    const auto& which = stream_.tests[static_cast<std::size_t>(test)];
    const std::int64_t batch_size = config_.per_device_batch_size;
    TestScore score{.images = count(test)};
    const std::int64_t batches = (score.images + batch_size - 1) / batch_size;
    stream::BatchLoader loader(0, batches, static_cast<int>(config_.num_workers),
                               [&](std::int64_t batch) { return load(method, test, batch); });
    Tally configured, instance;
    for (std::int64_t batch = 0; batch < batches; ++batch) {
        if (keep_going && !keep_going()) return std::nullopt;
        stream::Batch loaded = loader.next();
        const Tensor images = take_images(loaded, config_.input_size);
        const Tensor query = query_of(method, loaded, images, company(test, batch), queries_);
        BatchPrediction prediction{
            .test = test, .image_ids = loaded.ids, .labels = labels_of(loaded)};
        prediction.prompt_idx = method.choose(query, method::Choice::kConfigured);
        prediction.logits = method.logits(images, query, prediction.prompt_idx);
        if (mode == Mode::kBoth) {
            prediction.instance_prompt_idx = method.choose(query, method::Choice::kInstance);
            prediction.instance_logits =
                instance_logits(method, images, prediction, query, prediction.instance_prompt_idx);
        }
        const auto scored = [&](const Tensor& logits) {
            return config_.continual.eval_task_inc ? only_classes(logits, which.classes) : logits;
        };
        configured.add(scored(prediction.logits), prediction.labels);
        if (mode == Mode::kBoth)
            instance.add(scored(prediction.instance_logits), prediction.labels);
        if (prediction.prompt_idx.defined()) {
            const auto chosen = tensor::to_doubles(prediction.prompt_idx);
            score.prompts.insert(score.prompts.end(), chosen.begin(), chosen.end());
        }
        if (sink) sink(prediction);
    }
    score.configured = configured.over(score.images);
    if (mode == Mode::kBoth) score.instance = instance.over(score.images);
    return score;
}

}  // namespace promptcl::train
