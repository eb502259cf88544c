// A dense array as it lies in a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace promptcl::io {

using Shape = std::vector<std::int64_t>;

/// What a file says about an array before its data.
struct ArrayInfo {
    std::string dtype;  // a name of io/dtype.h
    Shape shape;
    bool operator==(const ArrayInfo&) const = default;
};

/// Elements in row-major order, little-endian.
struct Array {
    std::string dtype;  // a name of io/dtype.h
    Shape shape;
    std::vector<std::byte> bytes;

    /// The number of elements; 1 for the empty shape.
    std::int64_t size() const;
    /// Every element as the nearest float32; bool as 0 and 1.
    std::vector<float> as_float() const;
    /// Every element as the nearest float64; bool as 0 and 1.
    std::vector<double> as_double() const;
    /// Integer dtypes only; Error for another one and for a uint64 beyond int64.
    std::vector<std::int64_t> as_int() const;

    /// `values` in row-major order; their number is the product of `shape`.
    static Array of(std::span<const float> values, Shape shape);
    static Array of(std::span<const double> values, Shape shape);
    static Array of(std::span<const std::int64_t> values, Shape shape);
    static Array of(std::span<const std::int32_t> values, Shape shape);
    static Array of(std::span<const std::uint8_t> values, Shape shape);

    bool operator==(const Array&) const = default;
};

using ArrayMap = std::map<std::string, Array>;
using ArrayInfoMap = std::map<std::string, ArrayInfo>;

/// The bytes of an array of this shape; nothing when a dimension is negative or the product does
/// not fit in int64.
std::optional<std::int64_t> byte_count(std::span<const std::int64_t> shape,
                                       std::size_t element_size);

/// Throws Bug unless `array` has a known dtype and exactly the bytes of its shape.
void expect_whole(const Array& array);

/// "[2, 3]", for messages.
std::string to_string(std::span<const std::int64_t> shape);

}  // namespace promptcl::io
