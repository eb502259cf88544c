#include "promptcl/io/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promptcl::io {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// The definition of IEEE 754 binary16 for finite numbers.
double by_definition(int half) {
    const int exponent = half >> 10 & 0x1f;
    const int mantissa = half & 0x3ff;
    const double magnitude =
        exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

TEST(Half, HasTheValueOfItsDefinitionForEveryFiniteNumber) {
    for (int half = 0; half < 0x10000; ++half) {
        if ((half & 0x7c00) == 0x7c00) continue;
        ASSERT_EQ(half_to_float(static_cast<std::uint16_t>(half)), by_definition(half)) << half;
    }
}

TEST(Half, SurvivesTheWayToFloatAndBackForEveryNumber) {
    for (int half = 0; half < 0x10000; ++half) {
        const auto bits = static_cast<std::uint16_t>(half);
        const float value = half_to_float(bits);
        if (std::isnan(value)) {
            ASSERT_TRUE(std::isnan(half_to_float(float_to_half(value)))) << half;
        } else {
            ASSERT_EQ(float_to_half(value), bits) << half;
        }
    }
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
    for (int half = 0; half < 0x7bff; ++half) {
        const auto low = static_cast<float>(by_definition(half));
        const auto high = static_cast<float>(by_definition(half + 1));
        const float middle = (low + high) / 2;  // exact in float32
        const int even = half + half % 2;
        ASSERT_EQ(float_to_half(middle), even) << half;
        ASSERT_EQ(float_to_half(std::nextafter(middle, 0.0F)), half) << half;
        ASSERT_EQ(float_to_half(std::nextafter(middle, kInfinity)), half + 1) << half;
    }
}

TEST(Half, BecomesInfiniteFromTheMiddleAboveItsLargestNumberOn) {
    EXPECT_EQ(float_to_half(65519.996F), 0x7bff);  // 65504
    EXPECT_EQ(float_to_half(65520.0F), 0x7c00);
    EXPECT_EQ(float_to_half(1e30F), 0x7c00);
    EXPECT_EQ(float_to_half(-kInfinity), 0xfc00);
    EXPECT_EQ(half_to_float(0xfc00), -kInfinity);
}

TEST(Bfloat16, IsTheUpperHalfOfAFloat) {
    EXPECT_EQ(bfloat16_to_float(0x3f80), 1.0F);
    EXPECT_EQ(bfloat16_to_float(0xc049), -3.140625F);
}

}  // namespace
}  // namespace promptcl::io
