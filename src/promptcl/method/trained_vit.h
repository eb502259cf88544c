// The ViT that a method trains, wholly or in parts, beside the frozen one that gives the queries.
#pragma once

#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/vit.h"

#include <memory>
#include <string>
#include <vector>

namespace promptcl::method {

/// Whether `name` holds one of the words of freeze_part. Source: spec section 4.
bool is_frozen(const std::string& name, const std::vector<std::string>& freeze_part);

/// A ViT whose tensors are shared with a frozen one where their names say that they stay frozen,
/// and copies of its own, which ask for gradients, where they are trained.
class TrainedVit {
  public:
    TrainedVit(std::shared_ptr<const vit::Vit> frozen, const std::vector<std::string>& freeze_part);

    const vit::Vit& vit() const { return *vit_; }
    /// The trained tensors by name, in the order of the forward pass; none when all is frozen.
    const std::vector<NamedTensor>& trained() const { return trained_; }

    /// From now on the frozen tensors get gradients too, which update nothing.
    void measure_frozen();
    /// The frozen tensors, once they are measured.
    const std::vector<NamedTensor>& measured() const { return measured_; }

  private:
    std::shared_ptr<const vit::Vit> vit_;
    std::vector<NamedTensor> trained_, measured_;
};

}  // namespace promptcl::method
