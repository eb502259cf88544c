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
    /// neighbouring rows do not fall into the same set of the cache. A whole vector that begins
    /// with the last column fits in.
    std::int64_t stride;
};
HeadSizes sizes_of(const Attention& shape);

/// Queries that the forward and the backward pass take at a time.
constexpr std::int64_t kForwardRows = 24, kBackwardRows = 48;

/// Places in the scratch memory, in floats from its first whole cache line.
struct ForwardSpace {
    std::int64_t keys_t, values;  // [E, stride], [total, padded]
    std::int64_t p, out;          // of some queries: [.., stride], [.., padded]
    std::int64_t end;
};
ForwardSpace forward_space(const HeadSizes& sizes);

struct BackwardSpace {
    std::int64_t keys, keys_t, values_t;  // [total, padded], 2 of [E, stride]
    std::int64_t d_keys, d_values;        // [total, padded]
    std::int64_t p, d_p;                  // of some queries: [.., stride]
    std::int64_t q, d_out, d_q;           // of some queries: [.., padded]
    std::int64_t end;
};
BackwardSpace backward_space(const HeadSizes& sizes);

/// The first whole cache line of the scratch memory.
float* aligned(float* scratch);

/// `count` rows of a matrix outside, `stride` apart; a null one has no rows.
template <typename Float>
struct Rows {
    Float* first;
    std::int64_t count, stride;
};
/// E columns of the rows, from `column` on, to [count, padded] with zeros behind them.
void gather(const Rows<const float>& rows, std::int64_t column, const HeadSizes& sizes, float* to);
/// The way back.
void scatter(const float* from, const HeadSizes& sizes, const Rows<float>& rows,
             std::int64_t column);
/// E columns of the rows, from `column` on, to [E, stride]. What is behind the last row, up to a
/// whole vector, is overwritten with copies of it.
void transpose(const Rows<const float>& rows, std::int64_t column, const HeadSizes& sizes,
               float* to);

}  // namespace promptcl::engine::PROMPTCL_LANES
