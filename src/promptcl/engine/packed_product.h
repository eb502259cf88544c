// Matrix products whose right factor stays, so that it is laid out for the instructions once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace promptcl::engine {

/// A matrix [rows, columns]; element (r, c) is values[r * row_stride + c * column_stride].
struct FixedMatrix {
    const float* values;
    std::int64_t rows, columns;
    std::int64_t row_stride, column_stride;
};

/// y = x B + b for a fixed B [K, N] and a fixed row b [N], which may be nothing. Any number of
/// threads may call at once; each call computes in its caller's thread alone, and gives the same
/// bits every time for the same number of rows.
class PackedProduct {
  public:
    virtual ~PackedProduct() = default;
    /// x [rows, K] and y [rows, N], dense. y is written, or added to where `add` says so.
    virtual void run(const float* x, std::int64_t rows, float* y, bool add) const = 0;
    /// What multiplies: "portable", or what oneDNN calls its implementation.
    virtual std::string name() const = 0;
};

/// In plain C++, for machines without oneDNN: right everywhere, and several times slower.
std::unique_ptr<const PackedProduct> pack_portable(const FixedMatrix& matrix,
                                                   std::span<const float> bias);
#ifdef PROMPTCL_ONEDNN
std::unique_ptr<const PackedProduct> pack_onednn(const FixedMatrix& matrix,
                                                 std::span<const float> bias);
#endif

/// The faster of those that were compiled in.
inline std::unique_ptr<const PackedProduct> pack(const FixedMatrix& matrix,
                                                 std::span<const float> bias) {
#ifdef PROMPTCL_ONEDNN
    return pack_onednn(matrix, bias);
#else
    return pack_portable(matrix, bias);
#endif
}

}  // namespace promptcl::engine
