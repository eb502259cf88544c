#include "promptcl/engine/rows.h"

#include <algorithm>
#include <functional>

namespace promptcl::engine {

void gather(const float* x, std::int64_t images, std::int64_t tokens, RowRange which,
            std::int64_t width, float* rows) {
    for (std::int64_t image = 0; image < images; ++image)
        rows = std::copy_n(x + (image * tokens + which.first) * width, which.count * width, rows);
}

void scatter_add(const float* rows, std::int64_t images, std::int64_t tokens, RowRange which,
                 std::int64_t width, float* x) {
    const std::int64_t size = which.count * width;
    for (std::int64_t image = 0; image < images; ++image, rows += size) {
        float* to = x + (image * tokens + which.first) * width;
        std::transform(rows, rows + size, to, to, std::plus<>());
    }
}

void remove(const float* x, std::int64_t images, std::int64_t tokens, RowRange which,
            std::int64_t width, float* rest) {
    const std::int64_t before = which.first * width,
                       behind = (tokens - which.first - which.count) * width;
    for (std::int64_t image = 0; image < images; ++image, x += tokens * width) {
        rest = std::copy_n(x, before, rest);
        rest = std::copy_n(x + before + which.count * width, behind, rest);
    }
}

Attention attention_in(const PackedVit& vit, const BlockLayout& layout, const float* projections) {
    const std::int64_t width = vit.geometry.width;
    Attention attention{};
    attention.heads = vit.geometry.heads;
    attention.head_width = vit.geometry.head_width();
    attention.queries = attention.keys = layout.tokens;
    attention.q = projections;
    attention.k = projections + width;
    attention.v = projections + 2 * width;
    attention.q_stride = attention.k_stride = attention.v_stride = 3 * width;
    return attention;
}

Attention last_attention_in(const PackedVit& vit, const Layout& layout, const float* query,
                            const float* projections) {
    const std::int64_t width = vit.geometry.width;
    Attention attention{};
    attention.heads = vit.geometry.heads;
    attention.head_width = vit.geometry.head_width();
    attention.queries = layout.readout.count;
    attention.keys = layout.blocks.back().tokens;
    attention.q = query;
    attention.k = projections;
    attention.v = projections + width;
    attention.q_stride = width;
    attention.k_stride = attention.v_stride = 2 * width;
    return attention;
}

Attention attention_of_heads(const PackedVit& vit, std::int64_t tokens) {
    Attention attention{};
    attention.heads = 1;
    attention.head_width = vit.geometry.width;
    attention.queries = vit.geometry.heads;
    attention.keys = tokens;
    attention.q_stride = attention.k_stride = attention.v_stride = vit.geometry.width;
    return attention;
}

}  // namespace promptcl::engine
