// Squash, crop, resize and mirror by LibTorch, wherever the pictures are.
#pragma once

#include "promptcl/data/transform.h"
#include "promptcl/tensor/tensor.h"

#include <span>

namespace promptcl::input {

/// What data::resize() gives: pictures [N, H, W, 3] uint8 squashed to [B, side, side, 3] uint8,
/// those of the rows [B] int64.
///
/// Same operations in the same order, each rounded to float32: on CPUs the same bits. Where a
/// device rounds otherwise, a value that lies at a whole number may be cut to the one below.
Tensor squashed(const Tensor& pictures, const Tensor& rows, int side);

/// What data::Transform makes of squashed pictures [N, Q, Q, 3] uint8: picture rows[b] through
/// looks[b], [B, 3, side, side] float32 in [0, 1]. As exact.
Tensor looked_at(const Tensor& pictures, const Tensor& rows, std::span<const data::Look> looks,
                 int side);

}  // namespace promptcl::input
