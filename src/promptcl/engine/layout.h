// What a pass looks like before any number is in it: which tokens stand where, in every block.
#pragma once

#include "promptcl/engine/kernels.h"

#include <cstdint>
#include <vector>

namespace promptcl::engine {

/// Tokens that go into the sequence of every image before a block, [B, rows, D].
struct Prepend {
    std::int64_t block, rows;
    const float* tokens;
};

/// Rows in front of a block's keys and values, after their projections; both [B, rows, D].
struct Prefix {
    std::int64_t block, rows;
    const float *key, *value;
};

/// What is put into the ViT, for every image of a batch; in the order of the blocks.
struct Injection {
    std::vector<Prepend> prepends;
    std::vector<Prefix> prefixes;
    bool after_cls = false;     // tokens stand behind cls, otherwise before it
    bool cls_position = false;  // tokens get the position embedding of cls
};

/// The rows of the result that are averaged.
enum class Readout { kToken, kPrompt, kTokenPrompt, kGap };

struct BlockLayout {
    std::int64_t tokens;    // length of its sequence, its own tokens put in
    std::int64_t inserted;  // tokens that are put in before it
    std::int64_t prefix;    // rows of its prefix
};

struct Layout {
    std::vector<BlockLayout> blocks;
    std::int64_t first;      // the lowest block with anything put in; the number of blocks if none
    std::int64_t insert_at;  // where tokens are put in: row 0 or row 1
    RowRange readout;        // rows of the last block's sequence
    bool cls_position;

    std::int64_t longest() const { return blocks.back().tokens; }
    /// Whether nothing but a prefix is put in at the lowest block: its projections are then those
    /// of the un-prompted pass.
    bool starts_with_prefix() const;
};

/// `tokens` of the un-prompted sequence, P + 1.
Layout layout_of(const Injection& injection, Readout readout, std::int64_t blocks,
                 std::int64_t tokens);

}  // namespace promptcl::engine
