// The seam between the images of a data set and the tensors that the network sees.
#pragma once

#include "promptcl/data/transform.h"
#include "promptcl/stream/batch.h"
#include "promptcl/tensor/tensor.h"

#include <cstdint>
#include <span>

namespace promptcl::input {

/// Makes batches in two steps: what can be done ahead, in any thread, and the rest. Letters: B
/// batch, S image side.
class ImageSource {
  public:
    virtual ~ImageSource() = default;

    /// As stream::training_batch(), of a split or of a replay buffer that holds images of it. For
    /// any thread.
    virtual stream::Batch training_batch(const data::Dataset& images,
                                         std::span<const std::int64_t> ids,
                                         const Rng& step_rng) const = 0;
    /// As stream::evaluation_batch(). For any thread.
    virtual stream::Batch evaluation_batch(const data::Dataset& images,
                                           std::span<const std::int64_t> ids) const = 0;
    /// The images of such a batch, which then has none any more, where the ViT is computed: [B, 3,
    /// S, S] float32 in [0, 1]; undefined for a batch without images.
    virtual Tensor take_images(stream::Batch& batch) const = 0;
};

/// Everything in the first step, on the CPU.
class HostImages final : public ImageSource {
  public:
    explicit HostImages(const data::Transform& transform) : transform_(transform) {}

    stream::Batch training_batch(const data::Dataset& images, std::span<const std::int64_t> ids,
                                 const Rng& step_rng) const override;
    stream::Batch evaluation_batch(const data::Dataset& images,
                                   std::span<const std::int64_t> ids) const override;
    Tensor take_images(stream::Batch& batch) const override;

  private:
    data::Transform transform_;
};

}  // namespace promptcl::input
