// What a prompt method puts into a ViT: the one thing the backbone knows of prompts.
#pragma once

#include "promptcl/tensor/tensor.h"

#include <cstdint>
#include <map>

namespace promptcl::vit {

/// Rows in front of one block's keys and values, after their projections; both [B, n, H, E].
struct Prefix {
    Tensor key;
    Tensor value;
};

/// Where tokens go into the sequence: [new, cls, ...], as the official code has it, or [cls, new,
/// ...], as l2p-pytorch has it.
enum class Placement { kBeforeCls, kAfterCls };

/// By block: tokens [B, n, D] that go into the sequence before the block, and prefixes of its
/// attention.
struct Injection {
    std::map<std::int64_t, Tensor> prepend;
    std::map<std::int64_t, Prefix> prefix;
    Placement placement = Placement::kBeforeCls;
    bool cls_position = false;  // the tokens get the position embedding of cls

    bool empty() const { return prepend.empty() && prefix.empty(); }
};

}  // namespace promptcl::vit
