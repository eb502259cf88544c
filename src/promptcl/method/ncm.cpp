#include "promptcl/method/ncm.h"

#include "promptcl/core/error.h"
#include "promptcl/prompt/matching.h"

#include <ATen/ATen.h>

namespace promptcl::method {

Ncm::Ncm(std::shared_ptr<const vit::FrozenVit> backbone, std::int64_t num_classes)
    : backbone_(std::move(backbone)),
      sum_(at::zeros({num_classes, backbone_->geometry().width})),
      count_(at::zeros({num_classes})) {}

QueryKind Ncm::query_kind() const {
    return {.name = "cls", .width = backbone_->geometry().width};
}

Tensor Ncm::query(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    return backbone_->cls(images);
}

Tensor Ncm::logits(const Tensor&, const Tensor& query, const Tensor&) const {
    const Tensor cosine =
        prompt::similarity(query, sum_);  // the direction of the sum is that of the mean
    return cosine.masked_fill(count_ == 0, -1.0);
}

Loss Ncm::loss(const TrainingBatch&) {
    throw Bug("ncm has no loss: it learns in one pass");
}

void Ncm::observe(const Tensor& query, const Tensor& labels) {
    sum_.index_add_(0, labels, query);
    count_.index_add_(0, labels, at::ones({labels.size(0)}));
}

}  // namespace promptcl::method
