#include "tests/engine/attention_problem.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include <cmath>
#include <limits>

namespace promptcl::engine {
namespace {

std::vector<float> normals(std::int64_t n, Rng rng, double scale) {
    std::vector<float> values(n);
    for (float& value : values)
        value = static_cast<float>(scale * rng.normal());
    return values;
}

/// Memory of a fixed size that notices a write behind its end.
class Scratch {
  public:
    Scratch(std::int64_t size, float dirt) : memory_(size + 1, dirt) {
        memory_.back() = kUntouched;
    }
    ~Scratch() = default;
    float* data() { return memory_.data(); }
    void check() const { require(memory_.back() == kUntouched, "scratch memory is large enough"); }

  private:
    std::vector<float> memory_;
};

}  // namespace

AttentionProblem::AttentionProblem(const AttentionShape& of, float logit_scale)
    : shape(of), width(of.heads * of.head_width), stride(3 * width) {
    const Rng rng(7);
    const double scale = logit_scale / std::sqrt(static_cast<double>(of.head_width));
    q = normals(of.queries * stride, rng.fork("q"), scale);
    kv = normals(of.keys * stride, rng.fork("kv"), 1);
    prefix_key = normals(of.prefix * width, rng.fork("prefix_key"), 1);
    prefix_value = normals(of.prefix * width, rng.fork("prefix_value"), 1);
    d_out = normals(of.queries * width, rng.fork("d_out"), 1);
}

Attention AttentionProblem::inputs() const {
    return {.heads = shape.heads,
            .head_width = shape.head_width,
            .queries = shape.queries,
            .keys = shape.keys,
            .prefix = shape.prefix,
            .q = q.data(),
            .k = kv.data() + width,
            .v = kv.data() + 2 * width,
            .q_stride = stride,
            .k_stride = stride,
            .v_stride = stride,
            .prefix_key = prefix_key.data(),
            .prefix_value = prefix_value.data()};
}

AttentionAnswer run(const Kernels& kernels, const AttentionProblem& problem, RowRange rows,
                    float dirt) {
    const Attention inputs = problem.inputs();
    const std::int64_t width = problem.width, queries = problem.shape.queries,
                       keys = problem.shape.keys, prefix = problem.shape.prefix;
    AttentionAnswer answer;
    answer.out.assign(queries * width, kUntouched);
    answer.log_sum.assign(problem.shape.heads * queries, kUntouched);
    answer.d_q.assign(queries * width, kUntouched);
    answer.d_k.assign(keys * width, kUntouched);
    answer.d_v.assign(keys * width, kUntouched);
    answer.d_prefix_key.assign(prefix * width, kUntouched);
    answer.d_prefix_value.assign(prefix * width, kUntouched);

    Scratch forward(attention_scratch(inputs), dirt), backward(attention_scratch(inputs), dirt);
    kernels.attention(inputs, answer.out.data(), width, answer.log_sum.data(), forward.data());
    forward.check();
    const AttentionGradient gradient = {.out = answer.out.data(),
                                        .d_out = problem.d_out.data(),
                                        .out_stride = width,
                                        .log_sum = answer.log_sum.data(),
                                        .rows = rows,
                                        .d_q = answer.d_q.data(),
                                        .d_k = answer.d_k.data(),
                                        .d_v = answer.d_v.data(),
                                        .d_q_stride = width,
                                        .d_k_stride = width,
                                        .d_v_stride = width,
                                        .d_prefix_key = answer.d_prefix_key.data(),
                                        .d_prefix_value = answer.d_prefix_value.data()};
    kernels.attention_backward(inputs, gradient, backward.data());
    backward.check();
    return answer;
}

ExactAttention exact(const AttentionProblem& problem) {
    const AttentionShape& shape = problem.shape;
    const std::int64_t width = problem.width, total = shape.prefix + shape.keys;
    const Attention in = problem.inputs();
    ExactAttention answer;
    answer.out.assign(shape.queries * width, 0);
    answer.log_sum.assign(shape.heads * shape.queries, 0);
    answer.d_q.assign(shape.queries * width, 0);
    answer.d_k.assign(total * width, 0);
    answer.d_v.assign(total * width, 0);
    const auto row_of = [&](const float* prefix, const float* rows, std::int64_t stride,
                            std::int64_t j) {
        return j < shape.prefix ? prefix + j * width : rows + (j - shape.prefix) * stride;
    };
    for (std::int64_t h = 0; h < shape.heads; ++h) {
        const std::int64_t from = h * shape.head_width, to = from + shape.head_width;
        for (std::int64_t i = 0; i < shape.queries; ++i) {
            const float* q = in.q + i * in.q_stride;
            const float* d_out = problem.d_out.data() + i * width;
            std::vector<double> p(total, 0), d_p(total, 0);
            double largest = -std::numeric_limits<double>::infinity(), sum = 0, delta = 0;
            for (std::int64_t j = 0; j < total; ++j) {
                const float* key = row_of(in.prefix_key, in.k, in.k_stride, j);
                const float* value = row_of(in.prefix_value, in.v, in.v_stride, j);
                for (std::int64_t c = from; c < to; ++c) {
                    p[j] += static_cast<double>(q[c]) * key[c];
                    d_p[j] += static_cast<double>(d_out[c]) * value[c];
                }
                largest = std::max(largest, p[j]);
            }
            for (double& probability : p)
                sum += probability = std::exp(probability - largest);
            answer.log_sum[h * shape.queries + i] = largest + std::log(sum);
            for (std::int64_t j = 0; j < total; ++j) {
                p[j] /= sum;
                delta += p[j] * d_p[j];
            }
            for (std::int64_t j = 0; j < total; ++j) {
                const float* key = row_of(in.prefix_key, in.k, in.k_stride, j);
                const float* value = row_of(in.prefix_value, in.v, in.v_stride, j);
                const double d_logit = p[j] * (d_p[j] - delta);
                for (std::int64_t c = from; c < to; ++c) {
                    answer.out[i * width + c] += p[j] * value[c];
                    answer.d_q[i * width + c] += d_logit * key[c];
                    answer.d_k[j * width + c] += d_logit * q[c];
                    answer.d_v[j * width + c] += p[j] * d_out[c];
                }
            }
        }
    }
    return answer;
}

}  // namespace promptcl::engine
