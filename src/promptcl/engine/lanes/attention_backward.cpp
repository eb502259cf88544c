#include "promptcl/engine/lanes/functions.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

bool holds(RowRange rows, std::int64_t row) {
    return row >= rows.first && row < rows.first + rows.count;
}

float dot(const float* a, const float* b, std::int64_t n) {
    float sum = 0;
    for (std::int64_t i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

void add(float scale, const float* x, std::int64_t n, float* y) {
    for (std::int64_t i = 0; i < n; ++i)
        y[i] += scale * x[i];
}

void clear(float* x, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        x[i] = 0;
}

}  // namespace

void attention_backward(const Attention& of, const AttentionGradient& gradient,
                        float* /*scratch*/) {
    const std::int64_t width = of.heads * of.head_width, e = of.head_width;
    const bool only_prefix = gradient.rows.count == 0;
    for (std::int64_t h = 0; h < of.heads; ++h) {
        const std::int64_t column = h * e;
        for (std::int64_t j = 0; j < of.prefix; ++j) {
            clear(gradient.d_prefix_key + j * width + column, e);
            clear(gradient.d_prefix_value + j * width + column, e);
        }
        for (std::int64_t j = gradient.rows.first; j < gradient.rows.first + gradient.rows.count;
             ++j) {
            clear(gradient.d_k + j * gradient.d_k_stride + column, e);
            clear(gradient.d_v + j * gradient.d_v_stride + column, e);
        }
        for (std::int64_t i = 0; i < of.queries; ++i) {
            const float* q = of.q + i * of.q_stride + column;
            const float* d_out = gradient.d_out + i * gradient.out_stride + column;
            const float delta = dot(gradient.out + i * gradient.out_stride + column, d_out, e);
            const bool query = !only_prefix && (of.queries < of.keys || holds(gradient.rows, i));
            float* d_q = query ? gradient.d_q + i * gradient.d_q_stride + column : nullptr;
            if (query) clear(d_q, e);
            for (std::int64_t j = 0; j < of.prefix + of.keys; ++j) {
                const bool in_prefix = j < of.prefix;
                const std::int64_t row = j - of.prefix;
                const bool wanted = in_prefix || holds(gradient.rows, row);
                if (!wanted && !query) continue;
                const float* key =
                    (in_prefix ? of.prefix_key + j * width : of.k + row * of.k_stride) + column;
                const float* value =
                    (in_prefix ? of.prefix_value + j * width : of.v + row * of.v_stride) + column;
                const float p =
                    __builtin_expf(dot(q, key, e) - gradient.log_sum[h * of.queries + i]);
                const float d_logit = p * (dot(d_out, value, e) - delta);
                if (query) add(d_logit, key, e, d_q);
                if (!wanted) continue;
                float* d_key = (in_prefix ? gradient.d_prefix_key + j * width
                                          : gradient.d_k + row * gradient.d_k_stride) +
                               column;
                float* d_value = (in_prefix ? gradient.d_prefix_value + j * width
                                            : gradient.d_v + row * gradient.d_v_stride) +
                                 column;
                add(d_logit, q, e, d_key);
                add(p, d_out, e, d_value);
            }
        }
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
