#include "promptcl/method/lwf.h"

#include <ATen/ATen.h>

namespace promptcl::method {

Lwf::Lwf(const config::Config& config, std::shared_ptr<const vit::FrozenVit> backbone,
         std::int64_t num_classes, const Rng& rng)
    : PromptLearner(config, backbone, num_classes, rng),
      lambda_(config.lwf.lambda),
      temperature_(config.lwf.temperature),
      teacher_(config, backbone, num_classes, rng),
      old_(at::zeros({num_classes})) {}

std::vector<NamedTensor> Lwf::state() const {
    auto result = PromptLearner::state();
    for (const auto& [name, tensor] : teacher_.parameters())
        result.push_back({"lwf/teacher/" + name, tensor});
    result.push_back({"lwf/old", old_});
    return result;
}

void Lwf::begin_task(std::int64_t task) {
    const at::NoGradGuard no_grad;
    const auto now = parameters(), teacher = teacher_.parameters();
    for (std::size_t i = 0; i < now.size(); ++i)
        Tensor(teacher[i].value).copy_(now[i].value);
    PromptLearner::begin_task(task);
}

void Lwf::end_task(const std::vector<std::int64_t>& classes, const TaskImages&) {
    old_.index_fill_(0, tensor::from_ints(classes), 1.0);
}

Loss Lwf::loss_of(const Pass& pass, const TrainingBatch& batch) const {
    Loss loss = PromptLearner::loss_of(pass, batch);
    const Tensor old = at::nonzero(old_).flatten();
    if (old.numel() == 0) return loss;
    const auto softened = [&](const Tensor& logits) {
        return at::log_softmax(logits.index_select(1, old) / temperature_, 1);
    };
    const Tensor query = query_kind().constant ? pass.query : teacher_.query(batch.images);
    const Tensor idx = teacher_.choose(query, Choice::kConfigured);
    const Tensor taught = softened(teacher_.logits(batch.images, query, idx)).exp();
    const Tensor distillation = -(taught * softened(pass.logits)).sum(1).mean();
    loss.total = loss.total + lambda_ * distillation;
    return loss;
}

}  // namespace promptcl::method
