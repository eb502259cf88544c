// What tiles of a matrix product have in common: some rows by some vectors of it, summed in
// registers.
#pragma once

#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

/// Rows of a tile of so many vectors: its sums, one row of the right factor and one number of the
/// left are all kept in registers.
constexpr int rows_that_fit(int vectors) {
    return (kRegisters - vectors - 1) / vectors;
}

/// Adds the products of one column of the left factor, `row` from one number to the next, and one
/// row of the right.
template <int kRows, int kVectors>
inline void add_products(const float* left, std::int64_t row, const float* right,
                         Vector (&sums)[kRows][kVectors]) {
    Vector vectors[kVectors];
    PROMPTCL_UNROLL
    for (int v = 0; v < kVectors; ++v)
        vectors[v] = load(right + v * kLanes);
    PROMPTCL_UNROLL
    for (int r = 0; r < kRows; ++r) {
        const Vector factor = all(left[r * row]);
        PROMPTCL_UNROLL
        for (int v = 0; v < kVectors; ++v)
            sums[r][v] += factor * vectors[v];
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
