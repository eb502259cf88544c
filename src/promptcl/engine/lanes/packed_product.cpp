// The large products. A tile of the result, kTallest rows of one panel, is summed in registers over
// kProductDepth numbers, with x laid out for it: the numbers of its rows one behind the other, so
// that both factors are read in the order in which they lie. The panel comes from the second-level
// cache, into which each tile calls its share of the next one: the weights of a ViT do not fit
// there, and a product that waits for each of their lines loses a sixth of its speed.
#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/parts.h"
#include "promptcl/engine/lanes/tile.h"
#include "promptcl/engine/lanes/transpose.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

constexpr int kTallest = rows_that_fit(kPanelVectors);  // rows of a tile

/// Memory that will be read next.
struct Ahead {
    const float* from;
    const float* end;
};

struct Tile {
    const float* rows;   // [depth, its rows]
    const float* panel;  // [depth, kPanel]
    std::int64_t depth;
    const float* bias;  // [kPanel], or null
    float* y;
    std::int64_t y_stride;
    bool add;
    Ahead ahead;
};

/// y = x B + b, or y += x B + b, of one tile.
template <int kRows>
void multiply_tile(const Tile& of) {
    constexpr std::int64_t kSteps = 8;  // between two calls ahead
    const float* rows = of.rows;
    const float* panel = of.panel;
    const float* ahead = of.ahead.from;
    const std::int64_t each = parts_of((of.ahead.end - ahead) * kSteps, of.depth * kLine) * kLine;
    Vector sums[kRows][kPanelVectors] = {};
    for (std::int64_t k = 0; k < of.depth;) {
        for (const float* end = ahead + each; ahead < end && ahead < of.ahead.end; ahead += kLine)
            __builtin_prefetch(ahead, 0, 2);
        const std::int64_t behind = k + kSteps < of.depth ? k + kSteps : of.depth;
        for (; k < behind; ++k, rows += kRows, panel += kPanel)
            add_products(rows, 1, panel, sums);
    }
    PROMPTCL_UNROLL
    for (int r = 0; r < kRows; ++r) {
        PROMPTCL_UNROLL
        for (int v = 0; v < kPanelVectors; ++v) {
            float* const to = of.y + r * of.y_stride + v * kLanes;
            const Vector sum =
                of.bias == nullptr ? sums[r][v] : sums[r][v] + load(of.bias + v * kLanes);
            store(to, of.add ? load(to) + sum : sum);
        }
    }
}

template <int... kRow>
void multiply_tile(int rows, const Tile& of, std::integer_sequence<int, kRow...>) {
    static constexpr void (*kTiles[])(const Tile&) = {multiply_tile<kRow + 1>...};
    kTiles[rows - 1](of);
}

void multiply_tile(int rows, const Tile& of) {
    multiply_tile(rows, of, std::make_integer_sequence<int, kTallest>{});
}

/// The same for the first `columns` columns of the panel, where y ends.
void multiply_narrow_tile(int rows, std::int64_t columns, const Tile& of) {
    float whole[kTallest * kPanel];
    Tile wide = of;
    wide.y = whole;
    wide.y_stride = kPanel;
    wide.add = false;
    multiply_tile(rows, wide);
    float* y = of.y;
    for (const float* row = whole; rows > 0; --rows, row += kPanel, y += of.y_stride) {
        for (std::int64_t i = 0; i < columns; ++i)
            y[i] = of.add ? y[i] + row[i] : row[i];
    }
}

/// Some rows and some of the numbers that are summed.
struct Block {
    ProductRows rows;
    std::int64_t first, depth;  // of K
    float* laid_out;
};

void lay_out(const PackedProduct& of, const Block& block) {
    const std::int64_t tiles = parts_of(block.rows.count, kTallest);
    for (std::int64_t t = 0; t < tiles; ++t) {
        const std::int64_t row = begin_of_part(block.rows.count, tiles, t);
        const int rows = size_of_part(block.rows.count, tiles, t);
        turn({block.rows.x + row * of.inner + block.first, of.inner, rows, block.depth},
             block.laid_out + row * block.depth, rows);
    }
}

void multiply_block(const PackedProduct& of, const Block& block) {
    const std::int64_t tiles = parts_of(block.rows.count, kTallest);
    const std::int64_t of_panel = block.depth * kPanel;
    for (std::int64_t column = 0; column < of.outer; column += kPanel) {
        const std::int64_t columns = of.outer - column;
        const float* panel = of.panels + column * of.inner + block.first * kPanel;
        const float* next = panel + of.inner * kPanel;
        for (std::int64_t t = 0; t < tiles; ++t) {
            const std::int64_t row = begin_of_part(block.rows.count, tiles, t);
            const int rows = size_of_part(block.rows.count, tiles, t);
            const Ahead ahead = {next + begin_of_part(of_panel, tiles, t),
                                 next + begin_of_part(of_panel, tiles, t + 1)};
            const Tile tile = {.rows = block.laid_out + row * block.depth,
                               .panel = panel,
                               .depth = block.depth,
                               .bias = block.first == 0 ? of.bias + column : nullptr,
                               .y = block.rows.y + row * of.outer + column,
                               .y_stride = of.outer,
                               .add = block.rows.add || block.first > 0,
                               .ahead = columns > kPanel ? ahead : Ahead{nullptr, nullptr}};
            if (columns >= kPanel) {
                multiply_tile(rows, tile);
            } else {
                multiply_narrow_tile(rows, columns, tile);
            }
        }
    }
}

}  // namespace

void pack(const FixedMatrix& matrix, Turned turned, float* panels) {
    const std::int64_t inner = turned == Turned::kYes ? matrix.columns : matrix.rows,
                       outer = turned == Turned::kYes ? matrix.rows : matrix.columns;
    for (std::int64_t first = 0; first < outer; first += kPanel, panels += inner * kPanel) {
        const std::int64_t columns = outer - first < kPanel ? outer - first : kPanel;
        if (columns < kPanel) __builtin_memset(panels, 0, sizeof(float) * inner * kPanel);
        if (turned == Turned::kYes) {
            turn({matrix.values + first * inner, inner, columns, inner}, panels, kPanel);
            continue;
        }
        for (std::int64_t k = 0; k < inner; ++k) {
            __builtin_memcpy(panels + k * kPanel, matrix.values + k * outer + first,
                             sizeof(float) * columns);
        }
    }
}

void multiply_packed(const PackedProduct& of, const ProductRows& rows, float* scratch) {
    const std::int64_t parts = parts_of(rows.count, kProductRows);
    for (std::int64_t part = 0; part < parts; ++part) {
        const std::int64_t row = begin_of_part(rows.count, parts, part);
        const ProductRows some = {rows.x + row * of.inner, size_of_part(rows.count, parts, part),
                                  rows.y + row * of.outer, rows.add};
        for (std::int64_t first = 0; first < of.inner; first += kProductDepth) {
            const std::int64_t left = of.inner - first;
            const Block block = {some, first, left < kProductDepth ? left : kProductDepth, scratch};
            lay_out(of, block);
            multiply_block(of, block);
        }
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
