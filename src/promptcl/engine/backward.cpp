#include "promptcl/engine/backward.h"

#include "promptcl/engine/rows.h"

#include <algorithm>
#include <utility>

namespace promptcl::engine {

// In the workspace: x is d_x, hidden the wide gradients of MLP and projections, block.normal1 that
// of a LayerNorm's output, block.mixed that of the attention's, block.query that of the last
// queries.

void Backward::run(const Tape& tape, std::int64_t first, const Layout& layout,
                   const Injection& injection, const float* d_features,
                   const InjectionGradient& gradient) {
    first_ = first;
    count_ = tape.images;
    injection_ = &injection;
    gradient_ = &gradient;
    read(tape, layout, d_features);
    last_block(tape, layout);
    const std::int64_t last = std::ssize(layout.blocks) - 1;
    if (layout.first == last) {
        take_out(last, layout);
        return;
    }
    for (std::int64_t i = last; i > layout.first; --i) {
        if (i < last) block(tape, layout, i);
        take_out(i, layout);
    }
    first_block(tape, layout);
}

void Backward::read(const Tape& tape, const Layout& layout, const float* d_features) {
    const std::int64_t rows = layout.readout.count;
    float* to = space_.block.normal1;
    for (std::int64_t image = 0; image < count_; ++image, d_features += width()) {
        for (std::int64_t i = 0; i < width(); ++i) {
            to[i] =
                d_features[i] * vit_.scale[static_cast<std::size_t>(i)] / static_cast<float>(rows);
        }
        for (std::int64_t row = 1; row < rows; ++row)
            std::copy_n(to, width(), to + row * width());
        to += rows * width();
    }
    std::fill_n(space_.x, count_ * rows * width(), 0.0F);
    kernels_.normalize_backward(space_.block.normal1, tape.normal, tape.rstd, count_ * rows,
                                width(), space_.x);
}

void Backward::mlp(const PackedBlock& block, const BlockTape& tape, std::int64_t rows) {
    block.fc2.apply_transposed(space_.x, rows, space_.hidden);
    kernels_.multiply(space_.hidden, tape.slope, rows * vit_.geometry.mlp);
    block.fc1.apply_transposed(space_.hidden, rows, space_.block.normal1);
    kernels_.normalize_backward(space_.block.normal1, tape.normal2, tape.rstd2, rows, width(),
                                space_.x);
}

void Backward::attend(const Attention& shape, const AttentionGradient& wanted,
                      const BlockTape& tape, std::int64_t block) {
    const auto prefix = std::ranges::find(injection_->prefixes, block, &Prefix::block);
    const bool has_prefix = prefix != injection_->prefixes.end();
    Attention attention = shape;
    AttentionGradient gradient = wanted;
    gradient.out_stride = width();
    for (std::int64_t image = 0; image < count_; ++image) {
        const std::int64_t query = image * shape.queries, key = image * shape.keys;
        attention.q = shape.q + query * shape.q_stride;
        attention.k = shape.k + key * shape.k_stride;
        attention.v = shape.v + key * shape.v_stride;
        gradient.out = tape.mixed + query * width();
        gradient.d_out = space_.block.mixed + query * width();
        gradient.log_sum = tape.log_sum + query * vit_.geometry.heads;
        gradient.d_q = wanted.d_q + query * wanted.d_q_stride;
        gradient.d_k = wanted.d_k + key * wanted.d_k_stride;
        gradient.d_v = wanted.d_v + key * wanted.d_v_stride;
        if (has_prefix) {
            const std::int64_t at = (first_ + image) * prefix->rows * width();
            const auto& to =
                gradient_
                    ->prefixes[static_cast<std::size_t>(prefix - injection_->prefixes.begin())];
            attention.prefix = prefix->rows;
            attention.prefix_key = prefix->key + at;
            attention.prefix_value = prefix->value + at;
            gradient.d_prefix_key = to.key + at;
            gradient.d_prefix_value = to.value + at;
        }
        kernels_.attention_backward(attention, gradient, space_.attention);
    }
}

void Backward::last_block(const Tape& tape, const Layout& layout) {
    const PackedBlock& block = vit_.blocks.back();
    const BlockTape& kept = tape.blocks.back();
    const std::int64_t read = count_ * layout.readout.count, tokens = layout.longest(),
                       rows = count_ * tokens;
    mlp(block, kept, read);
    block.out.apply_transposed(space_.x, read, space_.block.mixed);
    AttentionGradient wanted{};
    wanted.rows = {0, tokens};
    wanted.d_q = space_.block.query;
    wanted.d_k = space_.hidden;
    wanted.d_v = space_.hidden + width();
    wanted.d_q_stride = width();
    wanted.d_k_stride = wanted.d_v_stride = 2 * width();
    attend(last_attention_in(vit_, layout, kept.query, kept.projections), wanted, kept,
           std::ssize(layout.blocks) - 1);

    float* d_normal = space_.block.normal1;
    block.projections.apply_transposed(space_.hidden, rows, d_normal);
    vit_.last_query.apply_transposed(space_.block.query, read, space_.other);
    scatter_add(space_.other, count_, tokens, layout.readout, width(), d_normal);
    std::fill_n(space_.other, rows * width(), 0.0F);
    scatter_add(space_.x, count_, tokens, layout.readout, width(), space_.other);
    std::swap(space_.x, space_.other);
    kernels_.normalize_backward(d_normal, kept.normal1, kept.rstd1, rows, width(), space_.x);
}

namespace {

/// All the gradients of fused projections [R, 3D].
AttentionGradient fused(float* d_projections, std::int64_t width, RowRange rows) {
    AttentionGradient wanted{};
    wanted.rows = rows;
    wanted.d_q = d_projections;
    wanted.d_k = d_projections + width;
    wanted.d_v = d_projections + 2 * width;
    wanted.d_q_stride = wanted.d_k_stride = wanted.d_v_stride = 3 * width;
    return wanted;
}

}  // namespace

void Backward::block(const Tape& tape, const Layout& layout, std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    const PackedBlock& block = vit_.blocks[at];
    const BlockTape& kept = tape.blocks[at];
    const std::int64_t tokens = layout.blocks[at].tokens, rows = count_ * tokens;
    mlp(block, kept, rows);
    block.out.apply_transposed(space_.x, rows, space_.block.mixed);
    attend(attention_in(vit_, layout.blocks[at], kept.projections),
           fused(space_.hidden, width(), {0, tokens}), kept, i);
    block.projections.apply_transposed(space_.hidden, rows, space_.block.normal1);
    kernels_.normalize_backward(space_.block.normal1, kept.normal1, kept.rstd1, rows, width(),
                                space_.x);
}

void Backward::first_block(const Tape& tape, const Layout& layout) {
    const auto at = static_cast<std::size_t>(layout.first);
    const PackedBlock& block = vit_.blocks[at];
    const BlockTape& kept = tape.blocks[at];
    const std::int64_t tokens = layout.blocks[at].tokens, inserted = layout.blocks[at].inserted;
    const RowRange prompts{layout.insert_at, inserted};
    mlp(block, kept, count_ * tokens);
    block.out.apply_transposed(space_.x, count_ * tokens, space_.block.mixed);
    attend(attention_in(vit_, layout.blocks[at], tape.first_projections),
           fused(space_.hidden, width(), prompts), kept, layout.first);
    if (inserted == 0) return;

    // From here on only the prompts' rows; d_x of them ends as the tokens' gradient.
    const std::int64_t rows = count_ * inserted;
    float* d_tokens = gradient_of_tokens(layout.first);
    float* d_projections = space_.block.projections;
    gather(space_.hidden, count_, tokens, prompts, 3 * width(), d_projections);
    block.projections.apply_transposed(d_projections, rows, space_.block.normal1);
    gather(space_.x, count_, tokens, prompts, width(), d_tokens);
    float *normal = space_.other, *rstd = space_.block.rstd1;
    gather(kept.normal1, count_, tokens, prompts, width(), normal);
    gather(kept.rstd1, count_, tokens, prompts, 1, rstd);
    kernels_.normalize_backward(space_.block.normal1, normal, rstd, rows, width(), d_tokens);
}

void Backward::take_out(std::int64_t i, const Layout& layout) {
    const BlockLayout& block = layout.blocks[static_cast<std::size_t>(i)];
    if (block.inserted == 0) return;
    const RowRange prompts{layout.insert_at, block.inserted};
    gather(space_.x, count_, block.tokens, prompts, width(), gradient_of_tokens(i));
    remove(space_.x, count_, block.tokens, prompts, width(), space_.x);
}

float* Backward::gradient_of_tokens(std::int64_t block) const {
    const auto prepend = std::ranges::find(injection_->prepends, block, &Prepend::block);
    const auto index = static_cast<std::size_t>(prepend - injection_->prepends.begin());
    return gradient_->prepends[index] + first_ * prepend->rows * width();
}

}  // namespace promptcl::engine
