#include "promptcl/engine/peak.h"

#include "promptcl/engine/workers.h"

#include "tests/engine/every_isa.h"

#include <gtest/gtest.h>

namespace promptcl::engine {
namespace {

class MultiplyAdd : public EveryIsa {};

TEST_P(MultiplyAdd, DoesTheOperationsThatItCounts) {
    constexpr double kFactor = 0.999;
    constexpr std::int64_t kRounds = 3, kSums = 12;
    float result = 0;
    const std::int64_t operations = kernels_.multiply_add(kRounds, &result);
    ASSERT_EQ(operations % (kRounds * kSums * 2), 0);
    double want = 0;
    for (std::int64_t start = 1; start <= kSums; ++start) {
        double sum = kFactor * static_cast<double>(start);
        for (std::int64_t round = 0; round < kRounds; ++round)
            sum = sum * kFactor + kFactor;
        want += sum;
    }
    const auto lanes = static_cast<double>(operations / (kRounds * kSums * 2));
    EXPECT_NEAR(result, want * lanes, 1e-5 * want * lanes);
}

INSTANTIATE_TEST_SUITE_P(Isas, MultiplyAdd, testing::ValuesIn(usable_isas()), isa_name);

TEST(Peak, IsMeasured) {
    Workers one(1);
    EXPECT_GT(peak_gflops(one), 0.1);
}

}  // namespace
}  // namespace promptcl::engine
