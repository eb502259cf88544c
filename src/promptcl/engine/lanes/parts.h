// A whole in nearly equal parts.
#pragma once

#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

constexpr std::int64_t kLine = 16;  // floats of a cache line

/// How many parts of at most `largest` there are.
constexpr std::int64_t parts_of(std::int64_t whole, std::int64_t largest) {
    return (whole + largest - 1) / largest;
}
/// Where part `index` begins, and how large it is.
constexpr std::int64_t begin_of_part(std::int64_t whole, std::int64_t parts, std::int64_t index) {
    return index * whole / parts;
}
constexpr int size_of_part(std::int64_t whole, std::int64_t parts, std::int64_t index) {
    return static_cast<int>(begin_of_part(whole, parts, index + 1) -
                            begin_of_part(whole, parts, index));
}

}  // namespace promptcl::engine::PROMPTCL_LANES
