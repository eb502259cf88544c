// The frozen ViT on a device of LibTorch's, in one precision: the GPU path.
#pragma once

#include "promptcl/tensor/device.h"
#include "promptcl/vit/frozen_vit.h"
#include "promptcl/vit/pass_recordings.h"
#include "promptcl/vit/vit.h"

#include <cstdint>
#include <optional>
#include <string>

namespace promptcl::vit {

/// Of the frozen arithmetic. kTf32: float32, but GPUs round the factors of matrix products to 10
/// bits after the point. kBf16: weights and activations in bfloat16, 7 bits.
enum class Precision { kFp32, kTf32, kBf16 };

struct DeviceOptions {
    c10::Device device = c10::kCPU;
    Precision precision = Precision::kFp32;
    bool recorded = false;               // passes that come again and again (vit/pass_recordings.h)
    std::int64_t evaluated_at_once = 0;  // images; 0: a batch
};

/// How many images an evaluation can take at a time in so many bytes, by a rough upper estimate of
/// what lies in memory at once; at most a thousand.
std::int64_t images_that_fit(const backbone::Geometry& geometry, std::int64_t input_size,
                             Precision precision, std::int64_t bytes);

/// The same arithmetic as the plain Vit. Whoever calls sees float32 on the CPU: injection and
/// images, unless they are there, are moved to the device, results and gradients back. In the last
/// block only the rows that are read are computed; encoder_norm is float32 in every precision. The
/// images of the last query pass stay on the device, embedded, for the prompted pass. Not for two
/// callers at once.
///
/// Letters: B batch, P patches, T tokens, D width, H heads, E = D/H.
class DeviceVit final : public FrozenVit {
  public:
    /// Copies the weights of `plain`, which is not needed any more. On a GPU, sets for the whole
    /// process whether float32 may be rounded to TF32.
    DeviceVit(const Vit& plain, const DeviceOptions& options);
    DeviceVit(const DeviceVit&) = delete;
    DeviceVit& operator=(const DeviceVit&) = delete;

    const backbone::Geometry& geometry() const override { return geometry_; }
    Tensor patches(const Tensor& images) const override;
    Tensor cls(const Tensor& images) const override;
    Tensor features(const Tensor& images, const Injection& injection,
                    Readout readout) const override;
    std::int64_t evaluated_at_once() const override { return evaluated_at_once_; }
    /// Device and precision, "cuda-bf16".
    std::string_view name() const override { return name_; }
    std::string arithmetic() const override;

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
    /// The features, float32 on the device.
    Tensor pass(const Tensor& embedded, const Injection& injection, Readout readout) const;
    /// The same on the CPU, from a recording where there is one.
    Tensor features_of(const Tensor& embedded, const Injection& injection, Readout readout) const;
    /// The rows of the block's result that are named: x [B, T, D] to [B, rows.count, D].
    Tensor apply(const BlockWeights& block, const Tensor& x, const Prefix* prefix, Rows rows) const;

    backbone::Geometry geometry_;
    std::int64_t input_size_;
    Gelu gelu_;
    c10::Device device_;
    c10::ScalarType type_;
    std::int64_t evaluated_at_once_;
    std::string name_;
    Weights weights_;  // of type_, encoder_norm float32
    mutable Embedded queried_;
    mutable std::optional<PassRecordings> recordings_;
};

}  // namespace promptcl::vit
