#include "promptcl/io/array.h"

#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"
#include "promptcl/io/half.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>

namespace promptcl::io {
namespace {

static_assert(std::endian::native == std::endian::little, "bytes of files are used as they are");

template <class To, class From, class Convert>
std::vector<To> convert_each(std::span<const std::byte> bytes, Convert convert) {
    std::vector<To> values(bytes.size() / sizeof(From));
    for (std::size_t i = 0; i < values.size(); ++i) {
        From value;
        std::memcpy(&value, bytes.data() + i * sizeof(From), sizeof(From));
        values[i] = static_cast<To>(convert(value));
    }
    return values;
}

template <class To, class From>
std::vector<To> cast(std::span<const std::byte> bytes) {
    return convert_each<To, From>(bytes, [](From value) { return value; });
}

int int8_value(std::uint8_t byte) {
    return byte < 0x80 ? byte : byte - 0x100;
}

template <class To>
std::vector<To> cast_integers(const Array& array) {
    const auto& dtype = array.dtype;
    if (dtype == "int64") return cast<To, std::int64_t>(array.bytes);
    if (dtype == "int32") return cast<To, std::int32_t>(array.bytes);
    if (dtype == "int16") return cast<To, std::int16_t>(array.bytes);
    if (dtype == "int8") return convert_each<To, std::uint8_t>(array.bytes, int8_value);
    if (dtype == "uint64") return cast<To, std::uint64_t>(array.bytes);
    if (dtype == "uint32") return cast<To, std::uint32_t>(array.bytes);
    if (dtype == "uint16") return cast<To, std::uint16_t>(array.bytes);
    if (dtype == "uint8") return cast<To, std::uint8_t>(array.bytes);
    throw Error(fmt::format("an array of dtype {} is used where integers are needed", dtype),
                "save it with an integer dtype");
}

template <class To>
std::vector<To> cast_numbers(const Array& array) {
    expect_whole(array);
    const auto& dtype = array.dtype;
    if (dtype == "float32") return cast<To, float>(array.bytes);
    if (dtype == "float64") return cast<To, double>(array.bytes);
    if (dtype == "float16") return convert_each<To, std::uint16_t>(array.bytes, half_to_float);
    if (dtype == "bfloat16") {
        return convert_each<To, std::uint16_t>(array.bytes, bfloat16_to_float);
    }
    if (dtype == "bool") {
        return convert_each<To, std::uint8_t>(array.bytes, [](auto byte) { return byte != 0; });
    }
    return cast_integers<To>(array);
}

template <class T>
Array make_array(std::string dtype, std::span<const T> values, Shape shape) {
    const auto bytes = std::as_bytes(values);
    Array array{std::move(dtype), std::move(shape), {bytes.begin(), bytes.end()}};
    expect_whole(array);
    return array;
}

}  // namespace

std::int64_t Array::size() const {
    std::int64_t product = 1;
    for (const std::int64_t extent : shape)
        product *= extent;
    return product;
}

std::vector<float> Array::as_float() const {
    return cast_numbers<float>(*this);
}
std::vector<double> Array::as_double() const {
    return cast_numbers<double>(*this);
}

std::vector<std::int64_t> Array::as_int() const {
    expect_whole(*this);
    auto values = cast_integers<std::int64_t>(*this);
    if (dtype == "uint64" && std::ranges::any_of(values, [](auto value) { return value < 0; })) {
        throw Error("an array of dtype uint64 holds a number beyond 2^63 - 1",
                    "save it with dtype int64");
    }
    return values;
}

Array Array::of(std::span<const float> values, Shape shape) {
    return make_array("float32", values, std::move(shape));
}
Array Array::of(std::span<const double> values, Shape shape) {
    return make_array("float64", values, std::move(shape));
}
Array Array::of(std::span<const std::int64_t> values, Shape shape) {
    return make_array("int64", values, std::move(shape));
}
Array Array::of(std::span<const std::int32_t> values, Shape shape) {
    return make_array("int32", values, std::move(shape));
}
Array Array::of(std::span<const std::uint8_t> values, Shape shape) {
    return make_array("uint8", values, std::move(shape));
}

std::optional<std::int64_t> byte_count(std::span<const std::int64_t> shape,
                                       std::size_t element_size) {
    auto product = static_cast<std::int64_t>(element_size);
    for (const std::int64_t extent : shape) {
        if (extent < 0 || __builtin_mul_overflow(product, extent, &product)) return std::nullopt;
    }
    return product;
}

void expect_whole(const Array& array) {
    const auto wanted = byte_count(array.shape, dtype_named(array.dtype).size);
    require(wanted == static_cast<std::int64_t>(array.bytes.size()),
            "an Array holds the bytes of its shape");
}

std::string to_string(std::span<const std::int64_t> shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace promptcl::io
