#include "promptcl/method/trained_vit.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace promptcl::method {

bool is_frozen(const std::string& name, const std::vector<std::string>& freeze_part) {
    return std::ranges::any_of(
        freeze_part, [&](const std::string& word) { return name.find(word) != std::string::npos; });
}

TrainedVit::TrainedVit(std::shared_ptr<const vit::Vit> frozen,
                       const std::vector<std::string>& freeze_part)
    : vit_(std::move(frozen)) {
    vit::Weights weights = vit_->weights();
    weights.visit([&](const std::string& name, Tensor& tensor) {
        if (is_frozen(name, freeze_part)) return;
        tensor = tensor.clone().requires_grad_(true);
        trained_.push_back({name, tensor});
    });
    if (!trained_.empty()) vit_ = std::make_shared<const vit::Vit>(vit_->with(weights));
}

void TrainedVit::measure_frozen() {
    vit::Weights weights = vit_->weights();
    weights.visit([&](const std::string& name, Tensor& tensor) {
        if (tensor.requires_grad()) return;
        tensor = tensor.detach().requires_grad_(true);  // the same numbers, another graph
        measured_.push_back({name, tensor});
    });
    vit_ = std::make_shared<const vit::Vit>(vit_->with(weights));
}

}  // namespace promptcl::method
