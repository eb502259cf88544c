// A prepared batch as tensors.
#pragma once

#include "promptcl/stream/batch.h"
#include "promptcl/tensor/tensor.h"

#include <utility>

namespace promptcl::input {

/// The images of a batch, [B, 3, side, side] in [0, 1], which then has none any more; undefined
/// where it has none.
inline Tensor take_images(stream::Batch& batch, std::int64_t side) {
    if (batch.images.empty()) return {};
    return tensor::holding(std::exchange(batch.images, {}), {batch.size(), 3, side, side});
}

/// The global classes of a batch, [B] int64.
inline Tensor labels_of(const stream::Batch& batch) {
    return tensor::from_ints(batch.labels);
}

}  // namespace promptcl::input
