#include "promptcl/model/arrays.h"

#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"

#include <functional>
#include <numeric>

namespace promptcl::model {
namespace {

/// An array as [outer, its dimension, inner], inner in bytes.
struct Folded {
    std::size_t outer, count, inner;
};

Folded folded(const io::Array& array, std::size_t dimension) {
    require(dimension < array.shape.size(), "an array is cut along a dimension that it has");
    const auto at = array.shape.begin() + static_cast<std::ptrdiff_t>(dimension);
    const auto product = [](auto first, auto last) {
        return static_cast<std::size_t>(
            std::accumulate(first, last, std::int64_t{1}, std::multiplies<>()));
    };
    return {.outer = product(array.shape.begin(), at),
            .count = static_cast<std::size_t>(*at),
            .inner = product(at + 1, array.shape.end()) * io::dtype_named(array.dtype).size};
}

}  // namespace

io::Array slices(const io::Array& array, std::size_t dimension,
                 std::span<const std::int64_t> indices) {
    const Folded from = folded(array, dimension);
    io::Array result{.dtype = array.dtype, .shape = array.shape, .bytes = {}};
    result.shape[dimension] = std::ssize(indices);
    result.bytes.reserve(from.outer * indices.size() * from.inner);
    for (std::size_t outer = 0; outer < from.outer; ++outer) {
        for (const std::int64_t index : indices) {
            require(index >= 0 && static_cast<std::size_t>(index) < from.count,
                    "a slice that is there");
            const auto begin =
                array.bytes.begin() +
                static_cast<std::ptrdiff_t>((outer * from.count + static_cast<std::size_t>(index)) *
                                            from.inner);
            result.bytes.insert(result.bytes.end(), begin,
                                begin + static_cast<std::ptrdiff_t>(from.inner));
        }
    }
    return result;
}

io::Array joined(const io::Array& first, const io::Array& second, std::size_t dimension) {
    const Folded a = folded(first, dimension), b = folded(second, dimension);
    require(first.dtype == second.dtype && a.outer == b.outer && a.inner == b.inner,
            "arrays are joined that differ in one dimension alone");
    io::Array result{.dtype = first.dtype, .shape = first.shape, .bytes = {}};
    result.shape[dimension] += second.shape[dimension];
    result.bytes.reserve(first.bytes.size() + second.bytes.size());
    const auto append = [&](const io::Array& from, const Folded& as, std::size_t outer) {
        const auto begin =
            from.bytes.begin() + static_cast<std::ptrdiff_t>(outer * as.count * as.inner);
        result.bytes.insert(result.bytes.end(), begin,
                            begin + static_cast<std::ptrdiff_t>(as.count * as.inner));
    };
    for (std::size_t outer = 0; outer < a.outer; ++outer) {
        append(first, a, outer);
        append(second, b, outer);
    }
    return result;
}

}  // namespace promptcl::model
