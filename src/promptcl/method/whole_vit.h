// A ViT trained whole, by cross-entropy: how the demo's backbone is pre-trained.
#pragma once

#include "promptcl/method/method.h"

namespace promptcl::method {

/// Every weight of the ViT and a linear head on its cls feature, logits = cls @ kernel + bias.
/// The ViT's tensors are trained in place: from construction on they ask for gradients.
class WholeVit final : public Method {
  public:
    WholeVit(std::shared_ptr<const vit::Vit> backbone, std::int64_t num_classes);

    std::vector<NamedTensor> parameters() const override { return parameters_; }
    Tensor query(const Tensor& images) const override;
    Tensor choose(const Tensor&, Choice) const override { return {}; }
    Tensor logits(const Tensor& images, const Tensor& query,
                  const Tensor& prompt_idx) const override;
    Loss loss(const TrainingBatch& batch) override;

  private:
    Tensor scores(const Tensor& cls) const;

    std::shared_ptr<const vit::Vit> backbone_;
    Tensor kernel_, bias_;  // [D, C], [C]
    std::vector<NamedTensor> parameters_;
};

}  // namespace promptcl::method
