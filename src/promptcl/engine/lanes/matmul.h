// The matrix products of attention: small, with one factor that is walked along rows of whole
// vectors.
#pragma once

#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

/// How the left factor lies in memory.
enum class Left : std::uint8_t { kRows, kColumns };

struct Product {
    const float* a;  // A[m][k] at m a_stride + k with Left::kRows, m + k a_stride with kColumns
    std::int64_t a_stride;
    const float* b;  // B[k][n] at k b_stride + n
    std::int64_t b_stride;
    float* c;  // C[m][n] at m c_stride + n
    std::int64_t c_stride;
};

/// C = A B, or C += A B with `add`: `rows` rows, `vectors` vectors of columns, the sum over
/// `depth`. Each element of C is summed in the order of k, whatever the sizes.
template <Left kLeft>
void multiply_matrices(const Product& of, std::int64_t rows, std::int64_t vectors,
                       std::int64_t depth, bool add);

extern template void multiply_matrices<Left::kRows>(const Product&, std::int64_t, std::int64_t,
                                                    std::int64_t, bool);
extern template void multiply_matrices<Left::kColumns>(const Product&, std::int64_t, std::int64_t,
                                                       std::int64_t, bool);

}  // namespace promptcl::engine::PROMPTCL_LANES
