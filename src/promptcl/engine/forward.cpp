#include "promptcl/engine/forward.h"

#include "promptcl/engine/rows.h"

#include <algorithm>
#include <utility>

namespace promptcl::engine {
namespace {

template <class Part>
const Part* at_block(const std::vector<Part>& parts, std::int64_t block) {
    const auto found = std::ranges::find(parts, block, &Part::block);
    return found == parts.end() ? nullptr : &*found;
}

}  // namespace

void Forward::patches(const Few& few, float* result) {
    const std::int64_t p = vit_.geometry.patch, side = vit_.input_size, grid = side / p;
    float* to = space_.patches;
    for (std::int64_t image = 0; image < few.count; ++image) {
        const float* pixels = few.images + image * 3 * side * side;
        for (std::int64_t patch = 0; patch < grid * grid; ++patch) {
            const float* corner = pixels + patch / grid * p * side + patch % grid * p;
            for (std::int64_t line = 0; line < 3 * p; ++line, to += p) {
                const float* from = corner + line / p * side * side + line % p * side;
                std::copy_n(from, p, to);
            }
        }
    }
    vit_.embedding.apply(space_.patches, few.count * vit_.patches, result);
}

void Forward::embed(const Few& few) {
    const std::int64_t size = vit_.patches * width();
    patches(few, space_.other);
    tokens_ = vit_.patches + 1;
    for (std::int64_t image = 0; image < few.count; ++image) {
        float* row = space_.x + image * tokens_ * width();
        std::copy(vit_.cls.begin(), vit_.cls.end(), row);
        std::transform(space_.other + image * size, space_.other + (image + 1) * size,
                       vit_.position.begin() + width(), row + width(), std::plus<>());
    }
}

void Forward::insert(const Prepend& prepend, const Layout& layout) {
    const std::int64_t before = layout.insert_at * width(), added = prepend.rows * width(),
                       behind = (tokens_ - layout.insert_at) * width();
    const float* from = space_.x;
    float* to = space_.other;
    for (std::int64_t image = 0; image < count_; ++image) {
        to = std::copy_n(from, before, to);
        const float* tokens = prepend.tokens + (first_ + image) * added;
        if (layout.cls_position) {
            for (std::int64_t row = 0; row < prepend.rows; ++row, tokens += width())
                to = std::transform(tokens, tokens + width(), vit_.position.begin(), to,
                                    std::plus<>());
        } else {
            to = std::copy_n(tokens, added, to);
        }
        to = std::copy_n(from + before, behind, to);
        from += before + behind;
    }
    tokens_ += prepend.rows;
    std::swap(space_.x, space_.other);
}

void Forward::attend(const Attention& shape, const BlockLayout& layout, const Prefix* prefix,
                     const BlockTape& to) {
    Attention attention = shape;
    const std::int64_t rows_of_prefix = layout.prefix * width();
    for (std::int64_t image = 0; image < count_; ++image) {
        attention.q = shape.q + image * shape.queries * shape.q_stride;
        attention.k = shape.k + image * shape.keys * shape.k_stride;
        attention.v = shape.v + image * shape.keys * shape.v_stride;
        if (prefix != nullptr) {
            attention.prefix = prefix->rows;
            attention.prefix_key = prefix->key + (first_ + image) * rows_of_prefix;
            attention.prefix_value = prefix->value + (first_ + image) * rows_of_prefix;
        }
        float* log_sum = to.log_sum == nullptr
                             ? nullptr
                             : to.log_sum + image * shape.queries * vit_.geometry.heads;
        kernels_.attention(attention, to.mixed + image * shape.queries * width(), width(), log_sum,
                           space_.attention);
    }
}

void Forward::mlp(const PackedBlock& block, std::int64_t rows, float* x, const BlockTape& to) {
    kernels_.normalize(x, rows, width(), to.normal2, to.rstd2);
    block.fc1.apply(to.normal2, rows, space_.hidden);
    if (to.slope == nullptr) {
        kernels_.gelu(space_.hidden, rows * vit_.geometry.mlp, vit_.gelu);
    } else {
        kernels_.gelu_with_slope(space_.hidden, to.slope, rows * vit_.geometry.mlp, vit_.gelu);
    }
    block.fc2.add(space_.hidden, rows, x);
}

void Forward::project(const PackedBlock& block, const BlockTape& to) {
    const std::int64_t rows = count_ * tokens_;
    kernels_.normalize(space_.x, rows, width(), to.normal1, to.rstd1);
    block.projections.apply(to.normal1, rows, to.projections);
}

void Forward::block(std::int64_t i, const BlockLayout& layout, const Prefix* prefix, BlockTape to,
                    const float* given) {
    const PackedBlock& block = vit_.blocks[static_cast<std::size_t>(i)];
    if (given == nullptr) project(block, to);
    attend(attention_in(vit_, layout, given == nullptr ? to.projections : given), layout, prefix,
           to);
    block.out.add(to.mixed, count_ * tokens_, space_.x);
    mlp(block, count_ * tokens_, space_.x, to);
}

void Forward::blocks(std::int64_t from, std::int64_t to, const Layout& layout,
                     const Injection& injection, Tape* tape, const float* given) {
    for (std::int64_t i = from; i < to; ++i) {
        if (const Prepend* prepend = at_block(injection.prepends, i)) insert(*prepend, layout);
        const bool kept = tape != nullptr && i >= layout.first;
        block(i, layout.blocks[static_cast<std::size_t>(i)], at_block(injection.prefixes, i),
              kept ? tape->blocks[static_cast<std::size_t>(i)] : space_.block,
              i == from ? given : nullptr);
    }
}

void Forward::attend_from_one_row(const BlockTape& to) {
    const std::int64_t heads = vit_.geometry.heads, of_head = vit_.geometry.head_width();
    float *const asked = space_.hidden, *const mixed = space_.hidden + heads * width();
    Attention attention = attention_of_heads(vit_, tokens_);
    attention.q = asked;
    for (std::int64_t image = 0; image < count_; ++image) {
        const float* query = to.query + image * width();
        for (std::int64_t h = 0; h < heads; ++h) {
            vit_.last_heads[static_cast<std::size_t>(h)].key.apply_transposed(
                query + h * of_head, 1, asked + h * width());
        }
        attention.k = attention.v = to.normal1 + image * tokens_ * width();
        kernels_.attention(attention, mixed, width(), nullptr, space_.attention);
        for (std::int64_t h = 0; h < heads; ++h) {
            vit_.last_heads[static_cast<std::size_t>(h)].value.apply(
                mixed + h * width(), 1, to.mixed + image * width() + h * of_head);
        }
    }
}

void Forward::last_block(const Layout& layout, const Prefix* prefix, const BlockTape& to) {
    const PackedBlock& block = vit_.blocks.back();
    const std::int64_t rows = count_ * layout.readout.count;
    const bool one_row = layout.readout.count == 1 && prefix == nullptr && to.log_sum == nullptr;
    kernels_.normalize(space_.x, count_ * tokens_, width(), to.normal1, to.rstd1);
    gather(to.normal1, count_, tokens_, layout.readout, width(), space_.other);
    vit_.last_query.apply(space_.other, rows, to.query);
    gather(space_.x, count_, tokens_, layout.readout, width(), space_.other);
    std::swap(space_.x, space_.other);
    if (one_row) {
        attend_from_one_row(to);
    } else {
        block.projections.apply(to.normal1, count_ * tokens_, to.projections);
        attend(last_attention_in(vit_, layout, to.query, to.projections), layout.blocks.back(),
               prefix, to);
    }
    block.out.add(to.mixed, rows, space_.x);
    mlp(block, rows, space_.x, to);
}

void Forward::read(const Layout& layout, float* normal, float* rstd, float* result) {
    const std::int64_t rows = layout.readout.count;
    kernels_.normalize(space_.x, count_ * rows, width(), normal, rstd);
    for (std::int64_t image = 0; image < count_; ++image, result += width()) {
        std::fill_n(result, width(), 0.0F);
        for (std::int64_t row = 0; row < rows; ++row, normal += width())
            std::transform(normal, normal + width(), result, result, std::plus<>());
        for (std::int64_t i = 0; i < width(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            result[i] = result[i] / static_cast<float>(rows) * vit_.scale[at] + vit_.bias[at];
        }
    }
}

void Forward::query(const Few& few, const Layout& layout, float* cls, Trunk* keep) {
    first_ = few.first;
    count_ = few.count;
    const std::int64_t last = std::ssize(layout.blocks) - 1;
    embed(few);
    std::int64_t from = 0;
    if (keep != nullptr) {
        const std::int64_t size = tokens_ * width();
        blocks(0, keep->block, layout, {}, nullptr, nullptr);
        std::copy_n(space_.x, count_ * size, keep->x.data() + few.in_trunk * size);
        from = keep->block;
        if (keep->with_projections) {
            BlockTape to = space_.block;
            to.projections = keep->projections.data() + 3 * few.in_trunk * size;
            block(from, layout.blocks.front(), nullptr, to, nullptr);
            ++from;
        }
    }
    blocks(from, last, layout, {}, nullptr, nullptr);
    last_block(layout, nullptr, space_.block);
    read(layout, space_.block.normal1, space_.block.rstd1, cls);
}

void Forward::features(const Few& few, const Layout& layout, const Injection& injection,
                       const Trunk* trunk, Tape* tape, float* result) {
    first_ = few.first;
    count_ = few.count;
    const std::int64_t last = std::ssize(layout.blocks) - 1;
    std::int64_t from = 0;
    const float* given = nullptr;
    if (trunk == nullptr) {
        embed(few);
    } else {
        tokens_ = vit_.patches + 1;
        from = trunk->block;
        const std::int64_t size = tokens_ * width();
        std::copy_n(trunk->x.data() + few.in_trunk * size, count_ * size, space_.x);
        if (trunk->with_projections && layout.blocks[static_cast<std::size_t>(from)].inserted == 0)
            given = trunk->projections.data() + 3 * few.in_trunk * size;
        if (tape != nullptr && given != nullptr && from == layout.first)
            tape->first_projections = given;
    }
    blocks(from, last, layout, injection, tape, given);
    if (const Prepend* prepend = at_block(injection.prepends, last)) insert(*prepend, layout);
    last_block(layout, at_block(injection.prefixes, last),
               tape == nullptr ? space_.block : tape->blocks.back());
    if (tape == nullptr) {
        read(layout, space_.block.normal1, space_.block.rstd1, result);
    } else {
        read(layout, tape->normal, tape->rstd, result);
    }
}

}  // namespace promptcl::engine
