#include "promptcl/method/ewc.h"

#include <ATen/ATen.h>

namespace promptcl::method {
namespace {

/// Image i of a batch, as a batch.
TrainingBatch row_of(const TrainingBatch& batch, std::int64_t i) {
    return {.images = batch.images.narrow(0, i, 1),
            .labels = batch.labels.narrow(0, i, 1),
            .query = batch.query.defined() ? batch.query.narrow(0, i, 1) : Tensor()};
}

}  // namespace

Ewc::Ewc(const config::Config& config, std::shared_ptr<const vit::FrozenVit> backbone,
         std::int64_t num_classes, const Rng& rng)
    : PromptLearner(config, std::move(backbone), num_classes, rng),
      lambda_(config.ewc.lambda),
      fisher_images_(config.ewc.fisher_images) {
    for (const auto& [name, parameter] : parameters()) {
        fisher_.push_back(at::zeros_like(parameter).requires_grad_(false));
        anchor_.push_back(at::zeros_like(parameter).requires_grad_(false));
    }
}

std::vector<NamedTensor> Ewc::state() const {
    auto result = PromptLearner::state();
    const auto trained = parameters();
    for (std::size_t i = 0; i < trained.size(); ++i) {
        result.push_back({"ewc/fisher/" + trained[i].name, fisher_[i]});
        result.push_back({"ewc/anchor/" + trained[i].name, anchor_[i]});
    }
    return result;
}

void Ewc::end_task(const std::vector<std::int64_t>&, const TaskImages& images) {
    const auto trained = parameters();
    std::vector<Tensor> squares;
    for (const Tensor& fisher : fisher_)
        squares.push_back(at::zeros_like(fisher));
    std::int64_t seen = 0;
    const auto wants_more = [&] { return fisher_images_ == 0 || seen < fisher_images_; };
    while (wants_more()) {
        const auto batch = images();
        if (!batch) break;
        for (std::int64_t row = 0; row < batch->labels.size(0) && wants_more(); ++row, ++seen) {
            for (const auto& [name, parameter] : trained)
                parameter.mutable_grad().reset();
            const TrainingBatch one = row_of(*batch, row);
            PromptLearner::loss_of(forward(one), one).cross_entropy.backward();
            for (std::size_t i = 0; i < trained.size(); ++i) {
                const Tensor& gradient = trained[i].value.grad();
                if (gradient.defined()) squares[i].add_(gradient.square());
            }
        }
    }
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < trained.size(); ++i) {
        fisher_[i].add_(squares[i], 1.0 / static_cast<double>(std::max<std::int64_t>(seen, 1)));
        anchor_[i].copy_(trained[i].value);
    }
}

Loss Ewc::loss_of(const Pass& pass, const TrainingBatch& batch) const {
    Loss loss = PromptLearner::loss_of(pass, batch);
    const auto trained = parameters();
    Tensor penalty = at::zeros({});
    for (std::size_t i = 0; i < trained.size(); ++i)
        penalty = penalty + (fisher_[i] * (trained[i].value - anchor_[i]).square()).sum();
    loss.total = loss.total + 0.5 * lambda_ * penalty;
    return loss;
}

}  // namespace promptcl::method
