// One attention call with all its buffers, and its answer and gradient in double precision.
#pragma once

#include "promptcl/engine/kernels.h"

#include <cstdint>
#include <vector>

namespace promptcl::engine {

struct AttentionShape {
    std::int64_t heads, head_width, queries, keys, prefix;
};

/// A value that no kernel computes: what still holds it was not written.
constexpr float kUntouched = 12345.678F;

/// q, k and v as three parts of one matrix [keys, 3 H E], the way a ViT holds them.
struct AttentionProblem {
    AttentionShape shape;
    std::int64_t width, stride;  // H E and the row stride of q, k and v
    std::vector<float> q, kv, prefix_key, prefix_value, d_out;

    AttentionProblem(const AttentionShape& of, float logit_scale);
    Attention inputs() const;
    RowRange all_rows() const { return {0, shape.keys}; }
};

struct AttentionAnswer {
    std::vector<float> out, log_sum;
    std::vector<float> d_q, d_k, d_v, d_prefix_key, d_prefix_value;  // each dense
};

/// What the kernels make of it; the scratch memory holds `dirt` before each call.
AttentionAnswer run(const Kernels& kernels, const AttentionProblem& problem, RowRange rows,
                    float dirt);

/// The same in double precision, straight from the formulas; every row has its gradient.
struct ExactAttention {
    std::vector<double> out, log_sum, d_q, d_k, d_v;  // d_k, d_v: [prefix + keys, H E]
};
ExactAttention exact(const AttentionProblem& problem);

}  // namespace promptcl::engine
