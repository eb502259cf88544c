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

/// By block: tokens [B, n, D] that go in front of the sequence before the block, and prefixes of
/// its attention.
struct Injection {
    std::map<std::int64_t, Tensor> prepend;
    std::map<std::int64_t, Prefix> prefix;

    bool empty() const { return prepend.empty() && prefix.empty(); }
};

}  // namespace promptcl::vit
