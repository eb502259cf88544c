#include "promptcl/method/whole_vit.h"

#include <ATen/ATen.h>

#include <fmt/format.h>

namespace promptcl::method {

WholeVit::WholeVit(std::shared_ptr<const vit::Vit> backbone, std::int64_t num_classes)
    : backbone_(std::move(backbone)),
      kernel_(at::zeros({backbone_->geometry().width, num_classes})),
      bias_(at::zeros({num_classes})) {
    for (const Tensor& weight : backbone_->weights().all()) {
        parameters_.push_back({fmt::format("backbone/{}", parameters_.size()), weight});
    }
    parameters_.push_back({"head/kernel", kernel_});
    parameters_.push_back({"head/bias", bias_});
    for (auto& [name, parameter] : parameters_)
        parameter.requires_grad_(true);
}

Tensor WholeVit::query(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    return backbone_->cls(images);
}

Tensor WholeVit::scores(const Tensor& cls) const {
    return at::matmul(cls, kernel_) + bias_;
}

Tensor WholeVit::logits(const Tensor&, const Tensor& query, const Tensor&) const {
    const at::NoGradGuard no_grad;
    return scores(query);
}

Loss WholeVit::loss(const TrainingBatch& batch) {
    const Tensor logits = scores(backbone_->cls(batch.images));
    const Tensor cross_entropy = at::cross_entropy_loss(logits, batch.labels);
    return {.total = cross_entropy, .cross_entropy = cross_entropy, .logits = logits};
}

}  // namespace promptcl::method
