// Learning without forgetting: the model before the task teaches the classes it knew.
#pragma once

#include "promptcl/method/prompt_learner.h"

namespace promptcl::method {

///   loss - lambda * mean over x of sum_c p_c(x) log q_c(x),   p, q = softmax(logits / T)
///
/// over the classes of the tasks learnt before; p comes from the model as it stood when the task
/// began, q from the model in training, both of the new task's images. Source: Li and Hoiem, ECCV
/// 2016, equations 2 and 3, T = 2; no factor T^2. State: lwf/teacher/NAME of each parameter, and
/// lwf/old [C], 1 for a class learnt before.
class Lwf final : public PromptLearner {
  public:
    Lwf(const config::Config& config, std::shared_ptr<const vit::FrozenVit> backbone,
        std::int64_t num_classes, const Rng& rng);

    std::vector<NamedTensor> state() const override;
    void begin_task(std::int64_t task) override;
    void end_task(const std::vector<std::int64_t>& classes, const TaskImages& images) override;
    Loss loss_of(const Pass& pass, const TrainingBatch& batch) const override;
    /// In one piece: the teacher's prompts are a choice of the whole batch too.
    Loss add_gradients(const TrainingBatch& batch, double devices) override {
        return Method::add_gradients(batch, devices);
    }

  private:
    double lambda_, temperature_;
    PromptLearner teacher_;
    Tensor old_;  // [C]
};

}  // namespace promptcl::method
