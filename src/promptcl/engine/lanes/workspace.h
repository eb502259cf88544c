// Where attention keeps a head while it works on it.
#pragma once

#include "promptcl/engine/kernels.h"

namespace promptcl::engine::PROMPTCL_LANES {

/// Sizes of one head's matrices, padded so that whole vectors of any instruction set fit a row.
struct HeadSizes {
    std::int64_t width;   // E
    std::int64_t padded;  // row stride of [.., E] matrices: E rounded up to whole cache lines
    std::int64_t total;   // n + keys
    /// Row stride of [.., total] matrices: an odd number of cache lines, so that equal columns of
    /// neighbouring rows do not fall into the same set of the cache.
    std::int64_t stride;
};
HeadSizes sizes_of(const Attention& shape);

/// Queries that the forward and the backward pass take at a time.
constexpr std::int64_t kForwardRows = 24, kBackwardRows = 48;

/// Places in the scratch memory, in floats from its first whole cache line.
struct ForwardSpace {
    explicit ForwardSpace(const HeadSizes& sizes);
    std::int64_t keys_t, values;  // [E, stride], [total, padded]
    std::int64_t rows;            // [total, padded]: k before it is transposed
    std::int64_t p, out;          // of some queries: [.., stride], [.., padded]
    std::int64_t end;
};
struct BackwardSpace {
    explicit BackwardSpace(const HeadSizes& sizes);
    std::int64_t keys, keys_t, values_t;  // [total, padded], 2 of [E, stride]
    std::int64_t d_keys, d_values;        // [total, padded]
    std::int64_t p, d_p;                  // of some queries: [.., stride]
    std::int64_t q, d_out, d_q, delta;    // of some queries: 3 of [.., padded], [..]
    std::int64_t end;
};

/// The first whole cache line of the scratch memory.
float* aligned(float* scratch);

/// Rows of some matrix that lie in two or three places: `count` rows from `from`, each.
struct Rows {
    const float* from;
    std::int64_t count, stride;
};
/// Copies `width` columns of the rows to the dense rows of `to`, `padded` apart; what is behind the
/// columns becomes zero.
void gather(Rows rows, std::int64_t width, std::int64_t padded, float* to);
/// to[e][row] = from[row][e] for `rows` rows of `width` columns, `padded` apart; to has row stride
/// `stride`, and zeros up to the next whole vector behind the last row.
void transpose(const float* from, const HeadSizes& sizes, float* to);
/// Copies rows times a factor each (1 without factors) to where they belong.
void scatter(const float* from, const HeadSizes& sizes, std::int64_t rows, float* to,
             std::int64_t stride);

}  // namespace promptcl::engine::PROMPTCL_LANES
