#include "promptcl/io/half.h"

#include <bit>

namespace promptcl::io {
namespace {

constexpr std::uint32_t kSign = 0x80000000U;
constexpr std::uint32_t kInfinity = 0x7f800000U;
constexpr std::uint32_t kSmallestNormalHalf = 0x38800000U;  // 2^-14 as float32
constexpr std::uint32_t kOverflowsHalf = 0x47800000U;       // 2^16 as float32
constexpr int kDroppedBits = 23 - 10;                       // of the mantissa

}  // namespace

float half_to_float(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t magnitude = (half & 0x7fffU) << kDroppedBits;
    if (magnitude >= 0x7c00U << kDroppedBits) {  // infinity and NaN
        return std::bit_cast<float>(sign | kInfinity | magnitude);
    }
    // Read as a float32, the bits are the value times 2^-112 (the biases differ by 127 - 15);
    // the product is exact for normal and subnormal numbers alike.
    const float value = std::bit_cast<float>(magnitude) * 0x1p112F;
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(value));
}

std::uint16_t float_to_half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits & kSign) >> 16);
    const std::uint32_t magnitude = bits & ~kSign;
    if (magnitude > kInfinity) return static_cast<std::uint16_t>(sign | 0x7e00U);
    if (magnitude >= kOverflowsHalf) return static_cast<std::uint16_t>(sign | 0x7c00U);
    if (magnitude < kSmallestNormalHalf) {
        // Adding 0.5 leaves a multiple of 2^-24, the subnormal step of binary16, in the mantissa,
        // rounded to nearest even by the addition itself.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        const std::uint32_t step = std::bit_cast<std::uint32_t>(shifted) & 0x7fffffU;
        return static_cast<std::uint16_t>(sign | step);
    }
    const std::uint32_t odd = (magnitude >> kDroppedBits) & 1U;
    const std::uint32_t rounded = magnitude + 0xfffU + odd - ((127U - 15U) << 23);
    return static_cast<std::uint16_t>(sign | (rounded >> kDroppedBits));
}

float bfloat16_to_float(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace promptcl::io
