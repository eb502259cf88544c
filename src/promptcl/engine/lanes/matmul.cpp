#include "promptcl/engine/lanes/matmul.h"

#include "promptcl/engine/lanes/parts.h"
#include "promptcl/engine/lanes/tile.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

/// The widest tile, in vectors, and the most rows of any.
constexpr int kWidest = kRegisters / 8, kTallest = 12;

constexpr int tallest(int vectors) {
    return rows_that_fit(vectors) < kTallest ? rows_that_fit(vectors) : kTallest;
}

template <Left kLeft, int kRows, int kVectors>
void tile(const Product& of, std::int64_t depth, bool add) {
    const std::int64_t row = kLeft == Left::kRows ? of.a_stride : 1;
    const std::int64_t step = kLeft == Left::kRows ? 1 : of.a_stride;
    const std::int64_t b_stride = of.b_stride, c_stride = of.c_stride;
    const float* a = of.a;
    const float* b = of.b;
    float* c = of.c;
    Vector sums[kRows][kVectors];
    PROMPTCL_UNROLL
    for (int r = 0; r < kRows; ++r) {
        PROMPTCL_UNROLL
        for (int v = 0; v < kVectors; ++v)
            sums[r][v] = add ? load(c + r * c_stride + v * kLanes) : Vector{};
    }
    for (std::int64_t k = 0; k < depth; ++k, a += step, b += b_stride)
        add_products(a, row, b, sums);
    PROMPTCL_UNROLL
    for (int r = 0; r < kRows; ++r) {
        PROMPTCL_UNROLL
        for (int v = 0; v < kVectors; ++v)
            store(c + r * c_stride + v * kLanes, sums[r][v]);
    }
}

using Tile = void (*)(const Product&, std::int64_t depth, bool add);

template <Left kLeft, int kVectors, int... kRow>
Tile tile_of_rows(int rows, std::integer_sequence<int, kRow...>) {
    static constexpr Tile kTiles[] = {tile<kLeft, kRow + 1, kVectors>...};
    return kTiles[rows - 1];
}

template <Left kLeft, int kVectors = 1>
Tile tile_of(int rows, int vectors) {
    if constexpr (kVectors < kWidest) {
        if (vectors > kVectors) return tile_of<kLeft, kVectors + 1>(rows, vectors);
    }
    return tile_of_rows<kLeft, kVectors>(rows,
                                         std::make_integer_sequence<int, tallest(kVectors)>{});
}

}  // namespace

template <Left kLeft>
void multiply_matrices(const Product& of, std::int64_t rows, std::int64_t vectors,
                       std::int64_t depth, bool add) {
    const std::int64_t panels = parts_of(vectors, kWidest);
    Product panel = of;
    for (std::int64_t p = 0; p < panels; ++p) {
        const int wide = size_of_part(vectors, panels, p), tall = tallest(wide);
        const std::int64_t tiles = parts_of(rows, tall);
        Product at = panel;
        for (std::int64_t t = 0; t < tiles; ++t) {
            const int high = size_of_part(rows, tiles, t);
            tile_of<kLeft>(high, wide)(at, depth, add);
            at.a += high * (kLeft == Left::kRows ? of.a_stride : 1);
            at.c += high * of.c_stride;
        }
        panel.b += wide * kLanes;
        panel.c += wide * kLanes;
    }
}

template void multiply_matrices<Left::kRows>(const Product&, std::int64_t, std::int64_t,
                                             std::int64_t, bool);
template void multiply_matrices<Left::kColumns>(const Product&, std::int64_t, std::int64_t,
                                                std::int64_t, bool);

}  // namespace promptcl::engine::PROMPTCL_LANES
