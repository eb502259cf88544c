// Matrix products whose right factor stays, so that it is laid out for the instructions once.
#pragma once

#include <cstdint>

namespace promptcl::engine {

/// A matrix [rows, columns], dense and row-major.
struct FixedMatrix {
    const float* values;
    std::int64_t rows, columns;
};

enum class Turned : bool { kNo, kYes };

/// x B + b for a fixed B [K, N] and a fixed row b [N].
struct PackedProduct {
    std::int64_t inner, outer;  // K, N
    /// B in panels of Kernels::panel columns, the last filled up with any numbers: row k of a
    /// panel's columns stands behind their row k - 1. On a whole cache line, as is the bias.
    const float* panels;
    const float* bias;  // [N], filled up with zeros to whole panels
};

/// The rows that a product is asked for.
struct ProductRows {
    const float* x;  // [count, K], dense
    std::int64_t count;
    float* y;  // [count, N], dense
    bool add;  // y += x B + b in place of y = x B + b
};

// What a product works on at a time. It lays out so many rows of x, which stay in the second-level
// cache while they meet one panel after the other; and each panel must meet many rows, as the next
// one is loaded meanwhile.
constexpr std::int64_t kProductRows = 256;
/// Numbers of each row. The sums of these are added up, so it decides about the bits of a result.
constexpr std::int64_t kProductDepth = 768;

/// Floats of scratch that a product needs.
constexpr std::int64_t product_scratch(std::int64_t rows, std::int64_t inner) {
    constexpr std::int64_t kVector = 16;  // written behind what is laid out
    return (rows < kProductRows ? rows : kProductRows) *
               (inner < kProductDepth ? inner : kProductDepth) +
           kVector;
}

}  // namespace promptcl::engine
