// Images that are cropped, resized and mirrored where the ViT is computed.
#pragma once

#include "promptcl/input/image_source.h"

#include <c10/core/Device.h>

namespace promptcl::input {

/// The images of a split on a device of LibTorch's. When all of them fit they are kept there, as
/// bytes; otherwise the threads that prepare a batch send its bytes, beside what the device is
/// computing. What is random is drawn as for HostImages. Images that all have one size are stored
/// as they are where that is smaller, others squashed.
class DeviceImages final : public ImageSource {
  public:
    /// The split is referred to. It is kept on the device when it takes no more than
    /// `bytes_for_keeping`.
    DeviceImages(const data::Dataset& split, const data::Transform& transform, c10::Device device,
                 std::int64_t bytes_for_keeping);

    stream::Batch training_batch(const data::Dataset& images, std::span<const std::int64_t> ids,
                                 const Rng& step_rng) const override;
    stream::Batch evaluation_batch(const data::Dataset& images,
                                   std::span<const std::int64_t> ids) const override;
    Tensor take_images(stream::Batch& batch) const override;

    bool keeps_split() const { return kept_.defined(); }

  private:
    struct Part;

    std::shared_ptr<Part> part_of(const data::Dataset& images,
                                  std::span<const std::int64_t> ids) const;
    /// These images as they are stored, [B, H, W, 3] uint8 on the CPU.
    Tensor stored(const data::Dataset& images, std::span<const std::int64_t> ids) const;
    void keep_split();
    Tensor made(const Part& part) const;

    const data::Dataset& split_;
    data::Transform transform_;
    c10::Device device_;
    std::int64_t height_ = 0, width_ = 0;  // of a stored image
    Tensor kept_;                          // [N, H, W, 3] uint8 on the device; or undefined
};

}  // namespace promptcl::input
