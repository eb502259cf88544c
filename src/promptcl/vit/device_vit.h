// The frozen ViT on a device of LibTorch's, in one precision: the GPU path.
#pragma once

#include "promptcl/tensor/device.h"
#include "promptcl/vit/frozen_vit.h"
#include "promptcl/vit/vit.h"

#include <string>

namespace promptcl::vit {

/// Of the frozen arithmetic. kTf32: float32, but GPUs round the factors of matrix products to 10
/// bits after the point. kBf16: weights and activations in bfloat16, 7 bits.
enum class Precision { kFp32, kTf32, kBf16 };

/// The same arithmetic as the plain Vit. Whoever calls sees float32 on the CPU: images and
/// injection are moved to the device, results and gradients back. In the last block only the rows
/// that are read are computed; encoder_norm is float32 in every precision. The images of the last
/// query pass stay on the device, embedded, for the prompted pass. Not for two callers at once.
///
/// Letters: B batch, P patches, T tokens, D width, H heads, E = D/H.
class DeviceVit final : public FrozenVit {
  public:
    /// Copies the weights of `plain`, which is not needed any more. On a GPU, sets for the whole
    /// process whether float32 may be rounded to TF32.
    DeviceVit(const Vit& plain, c10::Device device, Precision precision);

    const backbone::Geometry& geometry() const override { return geometry_; }
    Tensor patches(const Tensor& images) const override;
    Tensor cls(const Tensor& images) const override;
    Tensor features(const Tensor& images, const Injection& injection,
                    Readout readout) const override;
    /// Device and precision, "cuda-bf16".
    std::string_view name() const override { return name_; }

  private:
    struct Embedded {
        Tensor images;              // as they were given
        std::uint32_t version = 0;  // of what they held then
        Tensor tokens;              // [B, P+1, D], on the device

        bool is_of(const Tensor& these) const;
    };

    /// On the device and of the weights' type; differentiable.
    Tensor moved(const Tensor& x) const;
    Tensor patches_there(const Tensor& images) const;
    /// Patches, cls and position embedding, [B, P+1, D].
    Tensor embed(const Tensor& images) const;
    /// Of the rows that are named, over all of x.
    Tensor attention(const BlockWeights& block, const Tensor& x, const Prefix* prefix,
                     Rows rows) const;
    Tensor pass(const Tensor& embedded, const Injection& injection, Readout readout) const;
    /// The rows of the block's result that are named: x [B, T, D] to [B, rows.count, D].
    Tensor apply(const BlockWeights& block, const Tensor& x, const Prefix* prefix, Rows rows) const;

    backbone::Geometry geometry_;
    std::int64_t input_size_;
    Gelu gelu_;
    c10::Device device_;
    c10::ScalarType type_;
    std::string name_;
    Weights weights_;  // of type_, encoder_norm float32
    mutable Embedded queried_;
};

}  // namespace promptcl::vit
