#include "promptcl/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace promptcl {
namespace {

TEST(Rng, ForksDependOnTheNamesNotOnWhatWasDrawn) {
    Rng parent(42);
    const auto before = parent.fork("crop", 3).next();
    for (int draw = 0; draw < 100; ++draw)
        parent.next();
    EXPECT_EQ(parent.fork("crop", 3).next(), before);
}

TEST(Rng, ForksOfDifferentNamesOrNumbersDiffer) {
    const Rng parent(42);
    const std::set<std::uint64_t> firsts{parent.fork("crop").next(), parent.fork("flip").next(),
                                         parent.fork("crop", 1).next(),
                                         Rng(43).fork("crop").next()};
    EXPECT_EQ(firsts.size(), 4u);
}

TEST(Rng, GivesTheSameNumbersOnEveryMachine) {
    EXPECT_EQ(Rng(42).fork("golden", 7).next(), 10784106498743869473ULL);
}

TEST(Rng, UniformLiesInTheHalfOpenUnitIntervalWithMeanOneHalf) {
    Rng rng(1);
    double sum = 0;
    for (int draw = 0; draw < 10000; ++draw) {
        const double value = rng.uniform();
        ASSERT_GE(value, 0.0);
        ASSERT_LT(value, 1.0);
        sum += value;
    }
    EXPECT_NEAR(sum / 10000, 0.5, 0.01);  // 3.5 standard errors
}

TEST(Rng, BelowReachesEveryValueAndNoOther) {
    Rng rng(2);
    std::set<std::int64_t> seen;
    for (int draw = 0; draw < 200; ++draw)
        seen.insert(rng.below(5));
    EXPECT_THAT(seen, testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(Rng, PermutationHoldsEveryNumberOnce) {
    auto order = Rng(3).permutation(50);
    EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
    std::sort(order.begin(), order.end());
    for (std::int64_t i = 0; i < 50; ++i)
        EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
    Rng rng(4);
    double sum = 0, squares = 0;
    for (int draw = 0; draw < 10000; ++draw) {
        const double value = rng.normal();
        sum += value;
        squares += value * value;
    }
    EXPECT_NEAR(sum / 10000, 0.0, 0.04);
    EXPECT_NEAR(squares / 10000, 1.0, 0.06);
}

}  // namespace
}  // namespace promptcl
