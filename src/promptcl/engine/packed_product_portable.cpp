#include "promptcl/engine/packed_product.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace promptcl::engine {
namespace {

using Lanes = float __attribute__((vector_size(16)));

constexpr std::int64_t kLanes = 4, kVectors = 2;  // of one row in one tile
constexpr std::int64_t kTileRows = 4, kTileColumns = kLanes * kVectors;

/// B and b in panels of kTileColumns columns, filled up with zeros: panel p holds row k of its
/// columns behind row k - 1.
class PortableProduct final : public PackedProduct {
  public:
    PortableProduct(const FixedMatrix& matrix, std::span<const float> bias)
        : inner_(matrix.rows),
          outer_(matrix.columns),
          panels_((outer_ + kTileColumns - 1) / kTileColumns),
          packed_(static_cast<std::size_t>(panels_ * inner_ * kTileColumns)),
          bias_(static_cast<std::size_t>(panels_ * kTileColumns)) {
        for (std::int64_t column = 0; column < outer_; ++column) {
            float* to = packed_.data() + column / kTileColumns * inner_ * kTileColumns +
                        column % kTileColumns;
            const float* from = matrix.values + column * matrix.column_stride;
            for (std::int64_t k = 0; k < inner_; ++k)
                to[k * kTileColumns] = from[k * matrix.row_stride];
        }
        std::copy(bias.begin(), bias.end(), bias_.begin());
    }

    void run(const float* x, std::int64_t rows, float* y, bool add) const override {
        for (std::int64_t panel = 0; panel < panels_; ++panel) {
            for (std::int64_t row = 0; row < rows; row += kTileRows) {
                const std::int64_t count = std::min(kTileRows, rows - row);
                tile(x + row * inner_, count, panel, y + row * outer_ + panel * kTileColumns, add);
            }
        }
    }

    std::string name() const override { return "portable"; }

  private:
    void tile(const float* x, std::int64_t rows, std::int64_t panel, float* y, bool add) const {
        const float* start[kTileRows];  // rows that are not there repeat the last one
        for (std::int64_t row = 0; row < kTileRows; ++row)
            start[row] = x + std::min(row, rows - 1) * inner_;
        Lanes sum[kTileRows][kVectors];
        for (auto& row : sum)
            std::memcpy(row, bias_.data() + panel * kTileColumns, sizeof(row));
        const float* matrix = packed_.data() + panel * inner_ * kTileColumns;
        for (std::int64_t k = 0; k < inner_; ++k) {
            Lanes factor[kVectors];
            std::memcpy(factor, matrix + k * kTileColumns, sizeof(factor));
            for (std::int64_t row = 0; row < kTileRows; ++row) {
                for (std::int64_t vector = 0; vector < kVectors; ++vector)
                    sum[row][vector] += start[row][k] * factor[vector];
            }
        }
        const std::int64_t columns = std::min(kTileColumns, outer_ - panel * kTileColumns);
        for (std::int64_t row = 0; row < rows; ++row) {
            for (std::int64_t column = 0; column < columns; ++column) {
                const float value = sum[row][column / kLanes][column % kLanes];
                float& target = y[row * outer_ + column];
                target = add ? target + value : value;
            }
        }
    }

    std::int64_t inner_, outer_, panels_;
    std::vector<float> packed_;  // [panels, K, kTileColumns]
    std::vector<float> bias_;    // [panels, kTileColumns]
};

}  // namespace

std::unique_ptr<const PackedProduct> pack_portable(const FixedMatrix& matrix,
                                                   std::span<const float> bias) {
    return std::make_unique<PortableProduct>(matrix, bias);
}

}  // namespace promptcl::engine
