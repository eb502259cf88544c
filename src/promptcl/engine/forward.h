// The forward pass of a few images on one thread.
#pragma once

#include "promptcl/engine/tape.h"

#include <cstdint>

namespace promptcl::engine {

/// The un-prompted pass as far as a prompted one over the same images is the same: the input of a
/// block, and that block's projections where only a prefix is put in.
struct Trunk {
    std::int64_t block = 0;
    bool with_projections = false;
    Floats x;            // [B, P+1, D]
    Floats projections;  // [B, P+1, 3D]
};

/// A few images [count, 3, S, S]: where they stand in their batch, and where in that of a trunk.
struct Few {
    const float* images;
    std::int64_t first, in_trunk, count;
};

class Forward {
  public:
    Forward(const PackedVit& vit, const Kernels& kernels, Workspace& space)
        : vit_(vit), kernels_(kernels), space_(space) {}

    /// The patch embedding alone: [count, P, D].
    void patches(const Few& few, float* result);
    /// cls of the un-prompted pass, [count, D]; with `keep` what it says goes there.
    void query(const Few& few, const Layout& layout, float* cls, Trunk* keep);
    /// The averaged rows of the prompted pass, [count, D]. With `trunk` the blocks below are taken
    /// from there, with `tape` everything for a backward pass stays in it.
    void features(const Few& few, const Layout& layout, const Injection& injection,
                  const Trunk* trunk, Tape* tape, float* result);

  private:
    void embed(const Few& few);
    void insert(const Prepend& prepend, const Layout& layout);
    /// Blocks from..to-1, all of them below the last; `given` are the projections of block `from`.
    void blocks(std::int64_t from, std::int64_t to, const Layout& layout,
                const Injection& injection, Tape* tape, const float* given);
    void project(const PackedBlock& block, const BlockTape& to);
    void attend(const Attention& shape, const BlockLayout& layout, const Prefix* prefix,
                const BlockTape& to);
    void block(std::int64_t i, const BlockLayout& layout, const Prefix* prefix, BlockTape to,
               const float* given);
    /// The last block's attention where one row is read and nothing kept, without its keys and
    /// values. With N the normalised rows, K = N Wk^T + bk and V = N Wv^T + bv of a head,
    ///   softmax(q K^T) V = (softmax((q Wk) N^T) N) Wv^T + bv,
    /// as q bk is the same for every key; so all heads together are the queries of one attention
    /// over N, and T D^2 products become D^2.
    void attend_from_one_row(const BlockTape& to);
    void last_block(const Layout& layout, const Prefix* prefix, const BlockTape& to);
    void mlp(const PackedBlock& block, std::int64_t rows, float* x, const BlockTape& to);
    /// The averaged rows of encoder_norm, from the last block's.
    void read(const Layout& layout, float* normal, float* rstd, float* result);

    std::int64_t width() const { return vit_.geometry.width; }

    const PackedVit& vit_;
    const Kernels& kernels_;
    Workspace& space_;
    std::int64_t first_ = 0, count_ = 0, tokens_ = 0;  // of the images that are under way
};

}  // namespace promptcl::engine
