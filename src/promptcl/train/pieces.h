// Large tensors a piece at a time, so that what several passes over them read stays in a cache.
#pragma once

#include "promptcl/tensor/tensor.h"

#include <algorithm>
#include <cstdint>

namespace promptcl::train {

/// Numbers of a piece: whole vectors of any instruction set, and more than the prompts or the head
/// of a published experiment have.
inline constexpr std::int64_t kPiece = 1 << 18;

/// The numbers of a row from `first` on, at most kPiece.
inline Tensor piece_of(const Tensor& row, std::int64_t first) {
    return row.narrow(0, first, std::min(kPiece, row.numel() - first));
}

}  // namespace promptcl::train
