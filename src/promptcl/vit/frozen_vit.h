// The seam between the methods and whatever computes a frozen ViT for them.
#pragma once

#include "promptcl/backbone/geometry.h"
#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/injection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace promptcl::vit {

/// The rows of encoder_norm's result that are averaged to the head's input, as vit_classifier names
/// them: cls; the prompts; the rows in front of the first patch, as many as prompts and cls; all.
enum class Readout { kToken, kPrompt, kTokenPrompt, kGap };

/// A pre-trained ViT that nobody trains. Letters: B batch, S image side, P patches, D width. Images
/// are [B, 3, S, S] in [0, 1].
class FrozenVit {
  public:
    virtual ~FrozenVit() = default;

    virtual const backbone::Geometry& geometry() const = 0;
    /// Patch embedding, before the position embedding and without cls: [B, P, D], no gradient.
    virtual Tensor patches(const Tensor& images) const = 0;
    /// Row 0 (cls) of the un-prompted result, the query: [B, D], no gradient.
    virtual Tensor cls(const Tensor& images) const = 0;
    /// The mean over the rows that `readout` names of the prompted result: [B, D]; differentiable
    /// in the injection alone.
    virtual Tensor features(const Tensor& images, const Injection& injection,
                            Readout readout) const = 0;
    /// How many images a training step should take at a time, so that little has to be kept for the
    /// backward pass; 0: all.
    virtual std::int64_t images_at_once() const { return 0; }
    /// How many images an evaluation should show at a time, so that a device is busy; 0: a batch.
    virtual std::int64_t evaluated_at_once() const { return 0; }
    /// "plain" for vit::Vit, the reference.
    virtual std::string_view name() const = 0;
    /// What the last bits of its results may depend on beside LibTorch: "native avx512".
    virtual std::string arithmetic() const { return std::string(name()); }
};

}  // namespace promptcl::vit
