// Cutting and joining arrays along one dimension.
#pragma once

#include "promptcl/io/array.h"

#include <cstdint>
#include <span>

namespace promptcl::model {

/// The slices of `array` along `dimension` that `indices` name, in that order.
io::Array slices(const io::Array& array, std::size_t dimension,
                 std::span<const std::int64_t> indices);

/// Two arrays of the same type and shape but for `dimension`, one behind the other along it.
io::Array joined(const io::Array& first, const io::Array& second, std::size_t dimension);

}  // namespace promptcl::model
