// Accuracy of a method on the test sets of its stream.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/feature_cache.h"
#include "promptcl/input/image_source.h"
#include "promptcl/method/method.h"
#include "promptcl/stream/batch.h"
#include "promptcl/train/experiment.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace promptcl::train {

struct Score {
    double accuracy = 0;  // fraction
    double loss = 0;      // mean cross-entropy
};

/// One test set.
struct TestScore {
    Score configured;  // prompts chosen as configured: by the batch's vote, with batchwise_prompt
    std::optional<Score> instance;  // prompts chosen by each image alone, when asked for
    std::vector<double> prompts;    // every id chosen, for the histogram; empty without a pool
    std::int64_t images = 0;
};

/// What was computed for one batch, for who wants every prediction.
struct BatchPrediction {
    std::int64_t test;                    // which test set
    std::vector<std::int64_t> image_ids;  // positions in the test file
    Tensor labels;                        // [B]
    Tensor logits, prompt_idx;            // [B, C], [B, N]; as configured
    Tensor instance_logits, instance_prompt_idx;
};

enum class Mode { kConfigured, kBoth };

/// Evaluates on a data set's test split. Its images are never augmented, or with
/// eval_train_augmentation every time in the same way: their queries are computed once and kept,
/// and a method that reads nothing else is then shown no pixels. Instance-wise logits are computed
/// anew only for images whose own choice of prompts differs from the batch's vote; the backbone
/// does not see the order of prompts. Batches go through the network together as far as it asks for
/// that (vit::FrozenVit::evaluated_at_once()); each votes for itself all the same.
class Evaluator {
  public:
    using Sink = std::function<void(const BatchPrediction&)>;

    /// The experiment is referred to; `queries` is what open_query_cache() opened.
    Evaluator(const Experiment& experiment, data::FeatureCache queries);

    /// `keep_going` is asked between passes; when it says no, nothing comes back.
    std::optional<TestScore> evaluate(const method::Method& method, std::int64_t test, Mode mode,
                                      const std::function<bool()>& keep_going = {},
                                      const Sink& sink = {});

  private:
    struct Loaded;

    /// From which batch `batch` of a test set is augmented, if it is.
    std::optional<Rng> augmentation(std::int64_t test, std::int64_t batch) const;
    /// How many images of a test set are evaluated, of at most num_eval_steps global batches;
    /// UsageError when there are none.
    std::int64_t count(std::int64_t test) const;
    data::Company company(std::int64_t test, std::int64_t batch) const;
    stream::Batch load(const method::Method& method, std::int64_t test, std::int64_t batch) const;

    /// The query of an image of zeros, which pads the last device batch of a vote; [1, D].
    const Tensor& padding(const method::Method& method);
    /// What the images of a batch choose, in the company of the padding if there is one.
    Tensor voted(const method::Method& method, const Tensor& query);

    /// What is computed for batches that go through the network together, each for itself.
    std::vector<BatchPrediction> predictions(const method::Method& method, std::int64_t test,
                                             Mode mode, std::vector<Loaded>& batches);

    const Experiment& experiment_;
    const config::Config& config_;
    const data::Dataset& images_;
    std::unique_ptr<input::ImageSource> source_;
    data::FeatureCache queries_;
    Tensor padding_;  // made when it is first asked for
};

}  // namespace promptcl::train
