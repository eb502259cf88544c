// Rows of the sequences of a few images, and what attention reads of them.
#pragma once

#include "promptcl/engine/layout.h"
#include "promptcl/engine/packed_vit.h"

#include <cstdint>

namespace promptcl::engine {

/// The rows `which` of each of `images` sequences x [images, tokens, width], dense behind each
/// other.
void gather(const float* x, std::int64_t images, std::int64_t tokens, RowRange which,
            std::int64_t width, float* rows);
/// Adds rows, as gather() has them, to those rows of x.
void scatter_add(const float* rows, std::int64_t images, std::int64_t tokens, RowRange which,
                 std::int64_t width, float* x);
/// x without the rows `which`; the result may be x itself.
void remove(const float* x, std::int64_t images, std::int64_t tokens, RowRange which,
            std::int64_t width, float* rest);

/// The attention of a block, of the first image, without its prefix: over projections [R, 3D], or
/// in the last block over query [r, D] and projections [R, 2D].
Attention attention_in(const PackedVit& vit, const BlockLayout& layout, const float* projections);
Attention last_attention_in(const PackedVit& vit, const Layout& layout, const float* query,
                            const float* projections);
/// Of H queries over rows of the whole width D, without its matrices.
Attention attention_of_heads(const PackedVit& vit, std::int64_t tokens);

}  // namespace promptcl::engine
