// The frozen Vision Transformer in plain LibTorch: the reference of every faster engine.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/frozen_vit.h"
#include "promptcl/vit/injection.h"
#include "promptcl/vit/weights.h"

#include <optional>

namespace at {
struct Generator;
}

namespace promptcl::vit {

enum class Gelu { kTanh, kErf };

/// Rows of a sequence, one after the other.
struct Rows {
    std::int64_t first, count;
};

/// A sequence: [prompts, cls, patches] or [cls, prompts, patches].
struct Tokens {
    Tensor all;                // [B, T, D]
    std::int64_t prompts = 0;  // rows that were put in
    std::int64_t cls = 0;      // the row of cls

    std::int64_t first_prompt() const { return cls == 0 ? 1 : 0; }
    /// Puts prompts [B, n, D] into the sequence.
    void insert(const Tensor& more, Placement placement);
    /// Those that `readout` names.
    Rows rows(Readout readout) const;
    /// Their mean, [B, D].
    Tensor read(Readout readout) const;
};

/// A plain ViT. Letters: B batch, S image side, P patches, T tokens, D width, H heads, E = D/H, F
/// MLP width.
///
///   x = [cls, patches(image)] + position
///   each block:  x += out(attention(LN(x)));  x += fc2(gelu(fc1(LN(x))))
///   result: encoder_norm(x)
/// LayerNorm eps 1e-6, attention scale 1/sqrt(E). Source: spec section 1; google-research/l2p
/// models/vit.py.
class Vit final : public FrozenVit {
  public:
    /// For images of input_size x input_size; errors as read_weights().
    Vit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, Gelu gelu);

    const backbone::Geometry& geometry() const override { return geometry_; }
    std::int64_t input_size() const { return input_size_; }
    Gelu gelu() const { return gelu_; }
    const Weights& weights() const { return weights_; }
    /// The same ViT with other weights of the same shapes.
    Vit with(Weights weights) const;

    Tensor patches(const Tensor& images) const override;
    Tensor cls(const Tensor& images) const override;
    Tensor features(const Tensor& images, const Injection& injection,
                    Readout readout) const override;
    std::string_view name() const override { return "plain"; }
    /// The whole forward pass, encoder_norm included. With `dropout`, the variant's dropout is
    /// active and draws from that generator.
    Tokens forward(const Tensor& images, const Injection& injection,
                   std::optional<at::Generator> dropout = {}) const;
    /// The input of each block and the last block's output, un-prompted: blocks + 1 tensors [B,
    /// P+1, D].
    std::vector<Tensor> trace(const Tensor& images) const;

  private:
    using Dropout = std::optional<at::Generator>;

    Tensor embed(const Tensor& images) const;
    Tensor norm(const Norm& norm, const Tensor& x) const;
    Tensor attention(const BlockWeights& block, const Tensor& x, const Prefix* prefix) const;
    Tensor apply(const BlockWeights& block, const Tensor& x, const Prefix* prefix,
                 const Dropout& dropout) const;
    Tensor dropped(const Tensor& x, const Dropout& dropout) const;

    backbone::Geometry geometry_;
    std::int64_t input_size_;
    Gelu gelu_;
    Weights weights_;
};

}  // namespace promptcl::vit
