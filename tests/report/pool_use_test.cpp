#include "promptcl/report/pool_use.h"

#include "promptcl/io/event_writer.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace promptcl::report {
namespace {

using ::testing::ElementsAre;

using Values = std::vector<double>;

/// The use that the event files tell of, with these ids as the histogram of task 0.
std::optional<PoolUse> logged(const Values& ids, std::int64_t pool) {
    const TemporaryFolder folder;
    { io::EventWriter(folder.path()).histogram("histogram_0", 1, ids); }
    return pool_use(io::read_event_files(folder.path()), pool, 1);
}

TEST(PoolUse, CountsTheChoicesOfEachTask) {
    const auto use = pool_use({{.task = 0, .prompts = {0, 1}},
                               {.task = 0, .prompts = {0, 2}},
                               {.task = 1, .prompts = {2, 1}}},
                              4);
    ASSERT_TRUE(use.has_value());
    EXPECT_EQ(use->each, 2);
    EXPECT_THAT(use->counts, ElementsAre(ElementsAre(2, 1, 1, 0), ElementsAre(0, 1, 1, 0)));
    EXPECT_THAT(dead_prompts(*use), ElementsAre(3));
}

TEST(PoolUse, IsNothingWithoutAPool) {
    EXPECT_FALSE(pool_use(std::vector<Prediction>{{.task = 0}}, 4).has_value());
    EXPECT_FALSE(pool_use(io::LoggedEvents(), 4, 1).has_value());
}

TEST(PoolUse, OfALoggedHistogramIsExactForUpToThirtyPrompts) {
    for (const std::int64_t pool : {1, 2, 7, 10, 29, 30}) {
        Values ids, wanted;
        for (std::int64_t id = 0; id < pool; ++id) {
            ids.insert(ids.end(), static_cast<std::size_t>(id + 1), static_cast<double>(id));
            wanted.push_back(static_cast<double>(id + 1));
        }
        const auto use = logged(ids, pool);
        ASSERT_TRUE(use.has_value()) << pool;
        EXPECT_EQ(use->counts.front(), wanted) << pool;
    }
    EXPECT_EQ(logged({5, 5, 8}, 10)->counts.front(), (Values{0, 0, 0, 0, 0, 2, 0, 0, 1, 0}));
}

TEST(PoolUse, OfALoggedHistogramIsNothingWhereItsBucketsHoldSeveralPrompts) {
    Values ids(31);
    std::iota(ids.begin(), ids.end(), 0.0);
    EXPECT_FALSE(logged(ids, 31).has_value());
    EXPECT_FALSE(logged({0, 99}, 100).has_value());
}

TEST(PoolUse, OfALoggedHistogramIsThatOfTheLastOne) {
    const TemporaryFolder folder;
    {
        io::EventWriter writer(folder.path());
        writer.histogram("histogram_0", 1, Values{0, 0});
        writer.histogram("histogram_0", 2, Values{1, 1});
        writer.histogram("histogram_x", 2, Values{0});
    }
    const auto use = pool_use(io::read_event_files(folder.path()), 2, 1);
    EXPECT_THAT(use->counts, ElementsAre(ElementsAre(0, 2)));
}

TEST(PoolUse, SharesAreOfImagesNotOfChoices) {
    // Four images with two prompts each: all choose the first.
    EXPECT_THAT(shares(Values{4, 3, 1}, 2), ElementsAre(1.0, 0.75, 0.25));
}

TEST(Entropy, IsThatOfTheShares) {
    EXPECT_EQ(entropy_bits(Values{7, 0, 0}), 0);
    EXPECT_NEAR(entropy_bits(Values{3, 3, 3, 3}), 2, 1e-12);
    EXPECT_NEAR(entropy_bits(Values{2, 1, 1}), 0.5 * 1 + 2 * 0.25 * 2, 1e-12);
    EXPECT_NEAR(effective_number(Values{3, 3, 3, 3}), 4, 1e-12);
    EXPECT_EQ(entropy_bits(Values{0, 0}), 0);
}

}  // namespace
}  // namespace promptcl::report
