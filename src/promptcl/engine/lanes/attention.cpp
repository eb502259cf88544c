#include "promptcl/engine/lanes/functions.h"

namespace promptcl::engine::PROMPTCL_LANES {

void attention(const Attention& of, float* out, std::int64_t out_stride, float* log_sum,
               float* scratch) {
    const std::int64_t total = of.prefix + of.keys, width = of.heads * of.head_width;
    for (std::int64_t h = 0; h < of.heads; ++h) {
        const std::int64_t column = h * of.head_width;
        for (std::int64_t i = 0; i < of.queries; ++i) {
            float largest = -__builtin_huge_valf();
            for (std::int64_t j = 0; j < total; ++j) {
                const float* key = (j < of.prefix ? of.prefix_key + j * width
                                                  : of.k + (j - of.prefix) * of.k_stride) +
                                   column;
                float logit = 0;
                for (std::int64_t e = 0; e < of.head_width; ++e)
                    logit += of.q[i * of.q_stride + column + e] * key[e];
                scratch[j] = logit;
                if (logit > largest) largest = logit;
            }
            float sum = 0;
            for (std::int64_t j = 0; j < total; ++j) {
                scratch[j] = __builtin_expf(scratch[j] - largest);
                sum += scratch[j];
            }
            float* to = out + i * out_stride + column;
            for (std::int64_t e = 0; e < of.head_width; ++e)
                to[e] = 0;
            for (std::int64_t j = 0; j < total; ++j) {
                const float* value = (j < of.prefix ? of.prefix_value + j * width
                                                    : of.v + (j - of.prefix) * of.v_stride) +
                                     column;
                for (std::int64_t e = 0; e < of.head_width; ++e)
                    to[e] += scratch[j] / sum * value[e];
            }
            if (log_sum) log_sum[h * of.queries + i] = largest + __builtin_logf(sum);
        }
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
