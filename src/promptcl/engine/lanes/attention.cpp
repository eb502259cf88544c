#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/matmul.h"
#include "promptcl/engine/lanes/workspace.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

constexpr float kLowest = -3.0e38F;

std::int64_t vectors(std::int64_t columns) {
    return (columns + kLanes - 1) / kLanes;
}

struct RowSum {
    float largest, sum;
};

/// Replaces the `count` logits by exp(logit - largest). Whole vectors: what is behind the last
/// logit is overwritten.
RowSum exponentials(float* logits, std::int64_t count) {
    const std::int64_t whole = count / kLanes * kLanes;
    if (whole < count) {
        Vector last = load(logits + whole);
        for (std::int64_t i = count - whole; i < kLanes; ++i)
            last[i] = kLowest;
        store(logits + whole, last);
    }
    Vector most = all(kLowest);
    for (std::int64_t i = 0; i < count; i += kLanes)
        most = larger(load(logits + i), most);
    const float top = largest(most);
    Vector sums = {};
    for (std::int64_t i = 0; i < count; i += kLanes) {
        const Vector p = exponential(load(logits + i) - top);
        store(logits + i, p);
        sums += p;
    }
    return {top, sum(sums)};
}

void scale(float* row, std::int64_t padded, float factor) {
    for (std::int64_t i = 0; i < padded; i += kLanes)
        store(row + i, load(row + i) * factor);
}

}  // namespace

void attention(const Attention& of, float* out, std::int64_t out_stride, float* log_sum,
               float* scratch) {
    const HeadSizes sizes = sizes_of(of);
    const ForwardSpace space(sizes);
    const std::int64_t dense = of.heads * of.head_width, padded = sizes.padded;
    float* const base = aligned(scratch);
    float* const rows = base + space.rows;
    float* const values = base + space.values;
    float* const p = base + space.p;
    for (std::int64_t h = 0; h < of.heads; ++h) {
        const std::int64_t column = h * of.head_width;
        gather({of.prefix_key + column, of.prefix, dense}, sizes.width, padded, rows);
        gather({of.k + column, of.keys, of.k_stride}, sizes.width, padded,
               rows + of.prefix * padded);
        transpose(rows, sizes, base + space.keys_t);
        gather({of.prefix_value + column, of.prefix, dense}, sizes.width, padded, values);
        gather({of.v + column, of.keys, of.v_stride}, sizes.width, padded,
               values + of.prefix * padded);
        for (std::int64_t first = 0; first < of.queries; first += kForwardRows) {
            const std::int64_t left = of.queries - first;
            const std::int64_t count = left < kForwardRows ? left : kForwardRows;
            multiply_matrices<Left::kRows>({.a = of.q + first * of.q_stride + column,
                                            .a_stride = of.q_stride,
                                            .b = base + space.keys_t,
                                            .b_stride = sizes.stride,
                                            .c = p,
                                            .c_stride = sizes.stride},
                                           count, vectors(sizes.total), sizes.width, false);
            RowSum row_sums[kForwardRows];
            for (std::int64_t i = 0; i < count; ++i)
                row_sums[i] = exponentials(p + i * sizes.stride, sizes.total);
            float* const result = base + space.out;
            multiply_matrices<Left::kRows>({.a = p,
                                            .a_stride = sizes.stride,
                                            .b = values,
                                            .b_stride = padded,
                                            .c = result,
                                            .c_stride = padded},
                                           count, vectors(sizes.width), sizes.total, false);
            for (std::int64_t i = 0; i < count; ++i)
                scale(result + i * padded, padded, 1 / row_sums[i].sum);
            scatter(result, sizes, count, out + first * out_stride + column, out_stride);
            if (log_sum == nullptr) continue;
            for (std::int64_t i = 0; i < count; ++i) {
                log_sum[h * of.queries + first + i] =
                    row_sums[i].largest + __builtin_logf(row_sums[i].sum);
            }
        }
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
