// Turns a square of registers, kLanes vectors, so that rows become columns.
#pragma once

#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

/// Step kStep of it: the off-diagonal quarters of every square of 2 kStep rows change places.
template <int kStep, int... kLane>
inline void exchange(Vector* rows, std::integer_sequence<int, kLane...>) {
    PROMPTCL_UNROLL
    for (int i = 0; i < kLanes; ++i) {
        if (i & kStep) continue;
        const Vector upper = rows[i], lower = rows[i + kStep];
        rows[i] = __builtin_shufflevector(upper, lower,
                                          (kLane & kStep ? (kLane ^ kStep) + kLanes : kLane)...);
        rows[i + kStep] = __builtin_shufflevector(
            upper, lower, (kLane & kStep ? kLane + kLanes : (kLane ^ kStep))...);
    }
}

template <int kStep = 1>
inline void transpose_square(Vector* rows) {
    if constexpr (kStep < kLanes) {
        exchange<kStep>(rows, LaneIndices{});
        transpose_square<2 * kStep>(rows);
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
