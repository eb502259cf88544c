// The ViT that a method looks through: frozen, or trained wholly or in parts beside the frozen one
// that gives the queries.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/vit.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::method {

/// Why the configuration can be trained over no backbone but the plain ViT, as half a sentence
/// ("the ViT is trained with dropout"); nothing when any vit::FrozenVit will do.
std::optional<std::string> needs_plain(const config::Config& config,
                                       const backbone::Geometry& geometry);

/// Over a plain ViT, one whose tensors are shared with the frozen one where freeze_part names them,
/// and copies of its own, which ask for gradients, where they are trained.
class TrainedVit {
  public:
    /// Throws UsageError when needs_plain() and `frozen` is another.
    TrainedVit(std::shared_ptr<const vit::FrozenVit> frozen, const config::Config& config);

    /// As vit::FrozenVit::features(), but differentiable in what is trained and measured too. With
    /// `dropout`, that of the variant is active and draws from the generator.
    Tensor features(const Tensor& images, const vit::Injection& injection, vit::Readout readout,
                    std::optional<at::Generator> dropout = {}) const;

    /// As vit::FrozenVit::patches(), but differentiable in what is trained and measured.
    Tensor patches(const Tensor& images) const;
    /// Whether patches() depend on weights that are trained.
    bool trains_patches() const;
    /// Whether patches() depend on weights that ask for gradients.
    bool differentiates_patches() const;

    /// As vit::FrozenVit::images_at_once().
    std::int64_t images_at_once() const;

    /// The ViT as it is now; of a configuration that needs the plain one.
    const vit::Vit& vit() const;
    /// The trained tensors by name, in the order of the forward pass; none when all is frozen.
    const std::vector<NamedTensor>& trained() const { return trained_; }
    /// With grad_clip_scope = "all" the frozen tensors, which get gradients that update nothing.
    const std::vector<NamedTensor>& measured() const { return measured_; }

  private:
    void ask_for_gradients(const config::Config& config);

    std::shared_ptr<const vit::FrozenVit> frozen_;
    std::shared_ptr<const vit::Vit> plain_;  // where the configuration needs it
    std::vector<NamedTensor> trained_, measured_;
};

}  // namespace promptcl::method
