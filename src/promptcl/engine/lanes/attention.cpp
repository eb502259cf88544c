#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/matmul.h"
#include "promptcl/engine/lanes/workspace.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

constexpr float kLowest = -3.0e38F;  // below every logit, and finite

/// The largest of the `count` logits. What is behind the last of them, up to a whole vector, is
/// overwritten by a number whose exponential is 0.
float largest_logit(float* logits, std::int64_t count) {
    Vector most = all(kLowest);
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        most = larger(load(logits + i), most);
    if (i < count) {
        const Vector last = first_lanes(load(logits + i), count - i, kLowest);
        store(logits + i, last);
        most = larger(last, most);
    }
    return largest(most);
}

/// Replaces the logits by exp(logit - largest), in whole vectors, and returns their sum.
float exponentials(float* logits, std::int64_t count, float largest) {
    Vector sums = {};
    for (std::int64_t i = 0; i < count; i += kLanes) {
        const Vector p = exponential(load(logits + i) - largest);
        store(logits + i, p);
        sums += p;
    }
    return sum(sums);
}

void scale(float* row, std::int64_t padded, float factor) {
    for (std::int64_t i = 0; i < padded; i += kLanes)
        store(row + i, load(row + i) * factor);
}

}  // namespace

void attention(const Attention& of, float* out, std::int64_t out_stride, float* log_sum,
               float* scratch) {
    const HeadSizes sizes = sizes_of(of);
    const ForwardSpace space = forward_space(sizes);
    const std::int64_t dense = of.heads * of.head_width, padded = sizes.padded;
    float* const base = aligned(scratch);
    float* const keys_t = base + space.keys_t;
    float* const values = base + space.values;
    float* const p = base + space.p;
    for (std::int64_t h = 0; h < of.heads; ++h) {
        const std::int64_t column = h * of.head_width;
        transpose({of.prefix_key, of.prefix, dense}, column, sizes, keys_t);
        transpose({of.k, of.keys, of.k_stride}, column, sizes, keys_t + of.prefix);
        gather({of.prefix_value, of.prefix, dense}, column, sizes, values);
        gather({of.v, of.keys, of.v_stride}, column, sizes, values + of.prefix * padded);
        for (std::int64_t first = 0; first < of.queries; first += kForwardRows) {
            const std::int64_t left = of.queries - first;
            const std::int64_t count = left < kForwardRows ? left : kForwardRows;
            multiply_matrices<Left::kRows>({.a = of.q + first * of.q_stride + column,
                                            .a_stride = of.q_stride,
                                            .b = keys_t,
                                            .b_stride = sizes.stride,
                                            .c = p,
                                            .c_stride = sizes.stride},
                                           count, vectors(sizes.total), sizes.width, false);
            float largest[kForwardRows], sums[kForwardRows];
            for (std::int64_t i = 0; i < count; ++i)
                largest[i] = largest_logit(p + i * sizes.stride, sizes.total);
            for (std::int64_t i = 0; i < count; ++i)
                sums[i] = exponentials(p + i * sizes.stride, sizes.total, largest[i]);
            float* const result = base + space.out;
            multiply_matrices<Left::kRows>({.a = p,
                                            .a_stride = sizes.stride,
                                            .b = values,
                                            .b_stride = padded,
                                            .c = result,
                                            .c_stride = padded},
                                           count, vectors(sizes.width), sizes.total, false);
            for (std::int64_t i = 0; i < count; ++i)
                scale(result + i * padded, padded, 1 / sums[i]);
            scatter(result, sizes, {out + first * out_stride, count, out_stride}, column);
            if (log_sum == nullptr) continue;
            for (std::int64_t i = 0; i < count; ++i)
                log_sum[h * of.queries + first + i] = largest[i] + __builtin_logf(sums[i]);
        }
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
