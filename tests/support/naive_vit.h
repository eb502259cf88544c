// A Vision Transformer as straight loops in double: one image at a time, nothing shared with the
// program but the reading of the file. Written from spec section 1.
#pragma once

#include "promptcl/backbone/checkpoint.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace promptcl::support {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

/// What one image's prompts put into the ViT, by block.
struct NaiveInjection {
    std::map<std::int64_t, Rows> tokens;        // in front of the sequence or behind cls, rows of D
    std::map<std::int64_t, Rows> keys, values;  // in front of those of the attention, rows of H*E
    bool after_cls = false;
    bool cls_position = false;  // each token is its row plus the position embedding of cls
};

struct NaiveTokens {
    Rows rows;                // after encoder_norm: prompts, cls, patches; or cls before prompts
    std::size_t prompts = 0;  // how many
};

class NaiveVit {
  public:
    NaiveVit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, bool erf_gelu);

    const backbone::Geometry& geometry() const { return geometry_; }

    /// `image` is [3, S, S] in row-major order.
    Rows patches(const Row& image) const;
    NaiveTokens forward(const Row& image, const NaiveInjection& injection) const;

  private:
    struct Linear {
        Row kernel, bias;  // [inputs * outputs] as in the file, [outputs]
    };
    struct Norm {
        Row scale, bias;
    };
    struct Block {
        Norm norm1, norm2;
        Linear query, key, value, out, fc1, fc2;
    };

    Rows attention(const Block& block, const Rows& x, const Rows& keys, const Rows& values) const;
    double gelu(double x) const;

    backbone::Geometry geometry_;
    std::int64_t side_;
    bool erf_gelu_;
    Linear embedding_;
    Row cls_;
    Rows position_;
    std::vector<Block> blocks_;
    Norm encoder_norm_;
};

}  // namespace promptcl::support
