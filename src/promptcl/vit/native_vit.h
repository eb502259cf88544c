// The CPU engine as a FrozenVit: between LibTorch's tensors and its plain arrays.
#pragma once

#include "promptcl/vit/frozen_vit.h"
#include "promptcl/vit/vit.h"

#include <memory>

namespace promptcl::vit {

/// The same numbers as the plain Vit, but for rounding; gradients reach the injection and nothing
/// else. What the query pass and the prompted pass of the same images have in common is computed
/// once: the last images that were asked about are remembered. Not for two callers at once.
class NativeVit final : public FrozenVit {
  public:
    /// For images of input_size x input_size; errors as backbone::arrange_weights(). 0 threads: one
    /// a core.
    NativeVit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, Gelu gelu,
              std::int64_t threads = 0);
    ~NativeVit() override;

    const backbone::Geometry& geometry() const override;
    Tensor patches(const Tensor& images) const override;
    Tensor cls(const Tensor& images) const override;
    Tensor features(const Tensor& images, const Injection& injection,
                    Readout readout) const override;
    std::int64_t images_at_once() const override;
    std::string_view name() const override { return "native"; }
    std::string arithmetic() const override;

  private:
    class Passes;
    std::shared_ptr<Passes> passes_;
};

}  // namespace promptcl::vit
