#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/matmul.h"
#include "promptcl/engine/lanes/workspace.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

/// Some queries, one behind the other, that are treated alike.
struct Segment {
    std::int64_t first, count;
    bool d_q;  // whether their d_q is wanted
};

/// One head of a backward pass. Its keys stand in another order than outside: first those whose
/// gradient is wanted, the prefix and `rows`, then the others, which only the queries need whose
/// d_q is wanted: the products of the other queries stop behind the wanted keys.
class Head {
  public:
    Head(const Attention& of, const AttentionGradient& gradient, std::int64_t head, float* base)
        : of_(of),
          gradient_(gradient),
          sizes_(sizes_of(of)),
          at_(backward_space(sizes_)),
          base_(base),
          column_(head * of.head_width),
          log_sum_(gradient.log_sum + head * of.queries),
          wanted_(of.prefix + gradient.rows.count),
          needed_(gradient.rows.count > 0 ? sizes_.total : wanted_) {}

    void run() {
        each_needed(of_.prefix_value, of_.v, of_.v_stride, [&](const Keys& some, std::int64_t at) {
            transpose(some, column_, sizes_, base_ + at_.values_t + at);
        });
        each_needed(of_.prefix_key, of_.k, of_.k_stride, [&](const Keys& some, std::int64_t at) {
            gather(some, column_, sizes_, base_ + at_.keys + at * sizes_.padded);
        });
        transpose({base_ + at_.keys, needed_, sizes_.padded}, 0, sizes_, base_ + at_.keys_t);

        const RowRange rows = gradient_.rows;
        const bool all = rows.count > 0 && of_.queries < of_.keys;
        if (all || rows.count == 0) {
            take({0, of_.queries, all});
        } else {
            const std::int64_t behind = rows.first + rows.count;
            take({rows.first, rows.count, true});
            take({0, rows.first, false});
            take({behind, of_.queries - behind, false});
        }
        deliver(base_ + at_.d_keys, gradient_.d_prefix_key, gradient_.d_k, gradient_.d_k_stride);
        deliver(base_ + at_.d_values, gradient_.d_prefix_value, gradient_.d_v,
                gradient_.d_v_stride);
    }

  private:
    using Keys = Rows<const float>;

    /// Calls each(rows, place) for the needed keys, or values, in the order of this class; `place`
    /// is that of the first of the rows.
    template <typename Each>
    void each_needed(const float* prefix, const float* rows, std::int64_t stride, Each each) const {
        const RowRange first = gradient_.rows;
        const std::int64_t behind = first.first + first.count;
        each(Keys{prefix, of_.prefix, of_.heads * of_.head_width}, 0);
        if (needed_ == of_.prefix) return;
        each(Keys{rows + first.first * stride, first.count, stride}, of_.prefix);
        each(Keys{rows, first.first, stride}, wanted_);
        each(Keys{rows + behind * stride, of_.keys - behind, stride}, wanted_ + first.first);
    }

    void deliver(const float* from, float* prefix, float* rows, std::int64_t stride) const {
        scatter(from, sizes_, {prefix, of_.prefix, of_.heads * of_.head_width}, column_);
        if (gradient_.rows.count == 0) return;
        scatter(from + of_.prefix * sizes_.padded, sizes_,
                {rows + gradient_.rows.first * stride, gradient_.rows.count, stride}, column_);
    }

    void take(const Segment& segment) {
        for (std::int64_t done = 0; done < segment.count; done += kBackwardRows) {
            const std::int64_t left = segment.count - done;
            take_rows(segment.first + done, left < kBackwardRows ? left : kBackwardRows,
                      segment.d_q);
        }
    }

    void take_rows(std::int64_t first, std::int64_t count, bool d_q) {
        const std::int64_t padded = sizes_.padded, stride = sizes_.stride;
        const std::int64_t keys = d_q ? needed_ : wanted_;
        float* const q = base_ + at_.q;
        float* const d_out = base_ + at_.d_out;
        float* const p = base_ + at_.p;
        float* const d_logits = base_ + at_.d_p;
        gather({of_.q + first * of_.q_stride, count, of_.q_stride}, column_, sizes_, q);
        gather({gradient_.d_out + first * gradient_.out_stride, count, gradient_.out_stride},
               column_, sizes_, d_out);
        multiply_matrices<Left::kRows>({q, padded, base_ + at_.keys_t, stride, p, stride}, count,
                                       vectors(keys), sizes_.width, false);
        multiply_matrices<Left::kRows>(
            {d_out, padded, base_ + at_.values_t, stride, d_logits, stride}, count, vectors(keys),
            sizes_.width, false);
        for (std::int64_t i = 0; i < count; ++i) {
            differentiate(first + i, d_out + i * padded, keys, p + i * stride,
                          d_logits + i * stride);
        }
        multiply_matrices<Left::kColumns>({p, stride, d_out, padded, base_ + at_.d_values, padded},
                                          wanted_, vectors(sizes_.width), count, started_);
        multiply_matrices<Left::kColumns>({d_logits, stride, q, padded, base_ + at_.d_keys, padded},
                                          wanted_, vectors(sizes_.width), count, started_);
        started_ = true;
        if (!d_q) return;
        float* const result = base_ + at_.d_q;
        multiply_matrices<Left::kRows>({d_logits, stride, base_ + at_.keys, padded, result, padded},
                                       count, vectors(sizes_.width), needed_, false);
        scatter(result, sizes_,
                {gradient_.d_q + first * gradient_.d_q_stride, count, gradient_.d_q_stride},
                column_);
    }

    /// Of one query: from logits to probabilities, and from their gradient to that of the logits.
    void differentiate(std::int64_t query, const float* d_out, std::int64_t keys, float* p,
                       float* d_logits) const {
        const float* out = gradient_.out + query * gradient_.out_stride + column_;
        const std::int64_t whole = sizes_.width / kLanes * kLanes;
        Vector products = {};
        for (std::int64_t i = 0; i < whole; i += kLanes)
            products += load(out + i) * load(d_out + i);
        float delta = sum(products);
        for (std::int64_t i = whole; i < sizes_.width; ++i)
            delta += out[i] * d_out[i];
        for (std::int64_t i = 0; i < keys; i += kLanes) {
            const Vector probability = exponential(load(p + i) - log_sum_[query]);
            store(p + i, probability);
            store(d_logits + i, probability * (load(d_logits + i) - delta));
        }
    }

    const Attention& of_;
    const AttentionGradient& gradient_;
    const HeadSizes sizes_;
    const BackwardSpace at_;
    float* const base_;
    const std::int64_t column_;
    const float* const log_sum_;
    const std::int64_t wanted_;  // keys whose gradient is wanted
    const std::int64_t needed_;  // keys that some query needs
    bool started_ = false;       // whether d_keys and d_values hold something
};

}  // namespace

void attention_backward(const Attention& of, const AttentionGradient& gradient, float* scratch) {
    if (of.prefix + gradient.rows.count == 0) return;
    for (std::int64_t h = 0; h < of.heads; ++h)
        Head(of, gradient, h, aligned(scratch)).run();
}

}  // namespace promptcl::engine::PROMPTCL_LANES
