// The 16-bit floating-point formats of files.
#pragma once

#include <cstdint>

namespace promptcl::io {

/// The value of an IEEE 754 binary16 number; every one is exact in float32.
float half_to_float(std::uint16_t half);

/// The binary16 number nearest to `value`, ties to even; beyond 65504 + 16 infinity; NaN stays NaN.
std::uint16_t float_to_half(float value);

/// The value of a bfloat16 number, the upper half of a float32.
float bfloat16_to_float(std::uint16_t bits);

}  // namespace promptcl::io
