// The seam between a continual learner and the training and evaluation code.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/core/rng.h"
#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/frozen_vit.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::method {

/// Which logits of replayed images become -inf where there is a train mask: those outside the task
/// as in the others, none, or those of the task.
enum class ReplayMask { kTrainMask, kNone, kReverse };

/// What the learner is told about the task it is trained on.
struct TaskRules {
    std::optional<std::vector<std::int64_t>> classes;  // train mask: all other logits become -inf
    ReplayMask replay_mask = ReplayMask::kTrainMask;
    std::optional<std::vector<std::int64_t>>
        prompt_mask;  // ids that are used whatever the keys say
};

/// The rules of a task whose classes are given, as the configuration wants them.
TaskRules rules_of_task(const config::Config& config, std::int64_t task,
                        const std::vector<std::int64_t>& classes);

/// One device's part of a training step.
struct TrainingBatch {
    Tensor images;  // [B, 3, S, S] in [0, 1]
    Tensor labels;  // [B] int64, global classes
    TaskRules rules;
    std::int64_t replayed = 0;  // that many last rows are from the replay buffer
    Tensor query;               // [B, D]; undefined: the learner asks for it itself
    std::uint64_t dropout_seed = 0;
    Tensor targets;  // [B, C] of mixed images; undefined: the labels alone count
};

/// loss = cross_entropy(masked logits, label or targets) - pull_constraint_coeff * reduce_sim (+ L2
/// penalty, see L2p).
struct Loss {
    Tensor total;          // scalar, differentiable
    Tensor cross_entropy;  // scalar
    Tensor logits;         // [B, C] after the train mask
};

/// By whom a prompt is chosen: the batch by vote (when the configuration says so), or each image
/// for itself.
enum class Choice { kConfigured, kInstance };

/// The un-augmented training images of a task, batch after batch; nothing after the last. Throws
/// when the run is to stop: who asks changes nothing of its own before it has all that it wants.
using TaskImages = std::function<std::optional<TrainingBatch>()>;

/// What a query is: its name in the configuration ("cls" or another embedding_key) and its numbers.
struct QueryKind {
    std::string name;
    std::int64_t width = 0;  // D; 0 when nothing is asked
    bool constant = true;    // false: it comes from weights that are trained
};

/// A continual learner over a pre-trained ViT. Letters: B batch, S image side, D width, C classes,
/// N prompts an image.
class Method {
  public:
    virtual ~Method() = default;

    /// The tensors trained by gradient, by their name in a checkpoint, in a fixed order; none for a
    /// one-pass method.
    virtual std::vector<NamedTensor> parameters() const = 0;
    /// Tensors that stay as they are and whose gradients the clipping norm counts all the same
    /// (grad_clip_scope = "all").
    virtual std::vector<NamedTensor> measured() const { return {}; }
    /// All that is learnt; what a checkpoint holds.
    virtual std::vector<NamedTensor> state() const { return parameters(); }
    /// Called before the first step of each task, and after the evaluation that follows its last.
    /// A stream without boundaries calls neither.
    virtual void begin_task(std::int64_t /*task*/) {}
    virtual void end_task(const std::vector<std::int64_t>& /*classes*/, const TaskImages&) {}

    virtual QueryKind query_kind() const = 0;
    /// What the un-prompted backbone says of images [B, 3, S, S]: [B, D], or [B, 0] when the method
    /// asks it nothing; without gradient. Never changes where query_kind() is constant.
    virtual Tensor query(const Tensor& images) const = 0;
    /// Whether anything but query() looks at images; otherwise those of loss() and logits() may be
    /// undefined where the query is given.
    virtual bool reads_images() const { return true; }
    /// Ids of the prompts [B, N] that go with queries [B, D]; undefined for a method that chooses
    /// nothing.
    virtual Tensor choose(const Tensor& query, Choice choice) const = 0;
    /// Scores over all classes [B, C] in evaluation, given query() and choose() of the same images.
    virtual Tensor logits(const Tensor& images, const Tensor& query,
                          const Tensor& prompt_idx) const = 0;

    /// Trained by gradient: called before each step, then the gradients of each device's part.
    virtual void begin_step() {}
    virtual Loss loss(const TrainingBatch& batch) = 0;
    /// Adds the gradients of loss(batch) / devices to those that parameters() and measured() hold,
    /// and returns that loss. A method may take the images part by part, with the same gradients.
    virtual Loss add_gradients(const TrainingBatch& batch, double devices);
    /// One-pass methods see each un-augmented training image of a task once, through its query,
    /// instead.
    virtual bool learns_in_one_pass() const { return false; }
    virtual void observe(const Tensor& query, const Tensor& labels);
};

/// The method config.method over `backbone`, freshly initialised from rng.fork("init").
/// Throws UsageError for an unknown name, for layers that the backbone does not have, and when the
/// configuration needs the plain ViT (needs_plain.h) and the backbone is another.
std::unique_ptr<Method> make_method(const config::Config& config,
                                    std::shared_ptr<const vit::FrozenVit> backbone,
                                    std::int64_t num_classes, const Rng& rng);

}  // namespace promptcl::method
