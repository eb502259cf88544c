#include "promptcl/report/statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace promptcl::report {
namespace {

constexpr double kRounding = 1e-15;

TEST(Statistics, DivideTheSquaresByOneLessThanThereAreValues) {
    const auto found = statistics(std::array{2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0});
    EXPECT_EQ(found.mean, 5.0);  // 40 / 8
    // 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, over 7
    EXPECT_NEAR(*found.deviation, std::sqrt(32.0 / 7.0), kRounding);
}

TEST(Statistics, OfTwoValuesDeviateByTheirDistanceOverTheRootOfTwo) {
    EXPECT_NEAR(*statistics(std::array{0.5, 0.7}).deviation, 0.2 / std::sqrt(2.0), kRounding);
}

TEST(Statistics, OfOneValueHaveNoDeviation) {
    const auto found = statistics(std::array{0.25});
    EXPECT_EQ(found.mean, 0.25);
    EXPECT_EQ(found.deviation, std::nullopt);
}

TEST(Spread, IsTheMiddleTheLeastAndTheMost) {
    const auto odd = spread(std::array{3.0, 1.0, 2.5});
    EXPECT_EQ(odd.median, 2.5);
    EXPECT_EQ(odd.least, 1.0);
    EXPECT_EQ(odd.most, 3.0);
    EXPECT_EQ(spread(std::array{4.0, 1.0, 2.0, 9.0}).median, 3.0);
    EXPECT_EQ(spread(std::array{7.0}).median, 7.0);
}

}  // namespace
}  // namespace promptcl::report
