// Elastic weight consolidation: what mattered for old tasks is held where it was.
#pragma once

#include "promptcl/method/prompt_learner.h"

namespace promptcl::method {

///   loss + lambda / 2 * sum_i F_i (theta_i - theta*_i)^2
///   F_i = sum over the tasks learnt of ( mean over the task's images x, y of
///         (d log p(y | x, theta*) / d theta_i)^2 )
///
/// over all trained parameters theta, with theta* their values at the end of the last task: the
/// empirical diagonal Fisher information, one quadratic penalty for all tasks. Source: Kirkpatrick
/// et al., PNAS 2017, equation 3; one penalty with summed F: Huszar, PNAS 2018, and Schwarz et al.,
/// ICML 2018, with gamma = 1. State: ewc/fisher/NAME and ewc/anchor/NAME of each parameter.
class Ewc final : public PromptLearner {
  public:
    Ewc(const config::Config& config, std::shared_ptr<const vit::FrozenVit> backbone,
        std::int64_t num_classes, const Rng& rng);

    std::vector<NamedTensor> state() const override;
    void end_task(const std::vector<std::int64_t>& classes, const TaskImages& images) override;
    Loss loss_of(const Pass& pass, const TrainingBatch& batch) const override;

  private:
    double lambda_;
    std::int64_t fisher_images_;           // 0: all of the task
    std::vector<Tensor> fisher_, anchor_;  // one for each of parameters()
};

}  // namespace promptcl::method
