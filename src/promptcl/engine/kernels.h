// The arithmetic of a ViT: products by frozen weights, attention of one image, GELU and layer
// normalisation, forward and backward, in float32.
//
// Nothing here allocates or starts a thread, and the same call gives the same bits. Letters: H
// heads, E head width, n prefix rows.
#pragma once

#include "promptcl/engine/isa.h"
#include "promptcl/engine/packed_product.h"

#include <cstdint>

namespace promptcl::engine {

/// The two GELUs of published ViTs: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), and
/// x / 2 (1 + erf(x / sqrt(2))). Source: Hendrycks and Gimpel, arXiv 1606.08415.
enum class Gelu : std::uint8_t { kTanh, kErf };

/// Attention of one image, all heads. Every matrix is row-major, with its own row stride in floats;
/// head h is the columns h E to h E + E - 1.
struct Attention {
    std::int64_t heads, head_width, queries;
    std::int64_t keys;    // rows of the sequence, without the prefix
    std::int64_t prefix;  // n; may be 0
    const float* q;       // [queries, H E], already scaled by 1 / sqrt(E)
    const float* k;       // [keys, H E]
    const float* v;       // [keys, H E]
    std::int64_t q_stride, k_stride, v_stride;
    const float* prefix_key;    // [n, H E] dense, in front of k
    const float* prefix_value;  // [n, H E] dense, in front of v
};

struct RowRange {
    std::int64_t first, count;
};

/// What the backward pass is given and where it writes (it never adds).
struct AttentionGradient {
    const float* out;         // [queries, H E] of the forward pass
    const float* d_out;       // [queries, H E]
    std::int64_t out_stride;  // of out and d_out
    const float* log_sum;     // [H, queries] of the forward pass
    /// The rows of the sequence whose d_k and d_v are wanted; with queries == keys also those whose
    /// d_q is (with fewer queries d_q is wanted of all of them). The other rows are left as they
    /// are. {0, 0}: only the prefix's gradient.
    RowRange rows;
    float *d_q, *d_k, *d_v;  // may be q, k and v themselves, each with its stride
    std::int64_t d_q_stride, d_k_stride, d_v_stride;
    float *d_prefix_key, *d_prefix_value;  // [n, H E] dense
};

/// One table of functions for each instruction set.
struct Kernels {
    /// Columns of a panel: what pack() and multiply_packed() agree on.
    std::int64_t panel;
    /// Lays out B for multiply_packed(), the matrix or its transpose: its rows times its columns
    /// rounded up to panels.
    void (*pack)(const FixedMatrix&, Turned, float* panels);
    /// y = x B + b or y += x B + b. A row's result depends on nothing but that row.
    void (*multiply_packed)(const PackedProduct&, const ProductRows&, float* scratch);
    /// normal = (x - mean) rstd with rstd = 1 / sqrt(variance + 1e-6), each of the rows of x
    /// [rows, width]; normal may be x. rstd: [rows].
    void (*normalize)(const float* x, std::int64_t rows, std::int64_t width, float* normal,
                      float* rstd);
    /// dx += rstd (dn - mean(dn) - normal mean(dn normal)), row by row; all [rows, width].
    void (*normalize_backward)(const float* d_normal, const float* normal, const float* rstd,
                               std::int64_t rows, std::int64_t width, float* dx);
    /// x = gelu(x), n numbers.
    void (*gelu)(float* x, std::int64_t n, Gelu);
    /// slope = gelu'(x), then x = gelu(x).
    void (*gelu_with_slope)(float* x, float* slope, std::int64_t n, Gelu);
    /// x = x y, number by number.
    void (*multiply)(float* x, const float* y, std::int64_t n);
    /// out = softmax(q [prefix_key; k]^T) [prefix_value; v], [queries, H E] with its row stride.
    /// log_sum, [H, queries], may be null: log of the sum of the exponentials of a row.
    void (*attention)(const Attention&, float* out, std::int64_t out_stride, float* log_sum,
                      float* scratch);
    /// The gradient of `attention`; with P = softmax(q k^T) and dS = P (d_out v^T - rowsum(d_out
    /// out)): d_q = dS k, d_k = dS^T q, d_v = P^T d_out. Source: Dao et al., arXiv 2205.14135,
    /// appendix B.
    void (*attention_backward)(const Attention&, const AttentionGradient&, float* scratch);
    /// Multiplies and adds in registers alone, with as many sums at a time as fill the processor's
    /// units; returns the number of operations. For measuring what the processor can do.
    std::int64_t (*multiply_add)(std::int64_t rounds, float* result);
};

/// The table of an instruction set that usable_isas() lists.
const Kernels& kernels(Isa isa);
/// Those of chosen_isa(), which is asked once.
const Kernels& best_kernels();
/// Floats of scratch that either call of attention needs.
std::int64_t attention_scratch(const Attention& shape);

}  // namespace promptcl::engine
