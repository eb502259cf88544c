#include "promptcl/stream/gaussian_schedule.h"

#include "promptcl/stream/task_stream.h"

#include "tests/stream/small_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace promptcl::stream {
namespace {

using testing::ElementsAre;
using testing::Not;
using testing::SizeIs;

std::vector<std::int64_t> classes_up_to(std::int64_t n) {
    std::vector<std::int64_t> classes(static_cast<std::size_t>(n));
    std::iota(classes.begin(), classes.end(), 0);
    return classes;
}

// 100 classes over 1000 steps: peaks at 5, 15, 25, ...
TEST(GaussianSchedule, HoldsAClassForSureAtItsPeak) {
    EXPECT_EQ(gaussian_presence(0, 100, 1000, 5), 1.0);
    EXPECT_EQ(gaussian_presence(42, 100, 1000, 425), 1.0);
}

TEST(GaussianSchedule, FallsOffWithAWidthOfFiftySteps) {
    EXPECT_NEAR(gaussian_presence(0, 100, 1000, 55), std::exp(-0.5), 1e-12);   // one width
    EXPECT_NEAR(gaussian_presence(0, 100, 1000, 105), std::exp(-2.0), 1e-12);  // two
    EXPECT_NEAR(gaussian_presence(20, 100, 1000, 105), std::exp(-2.0), 1e-12);
}

TEST(GaussianSchedule, HoldsAsManyClassesAsTheProbabilitiesSay) {
    const auto schedule = gaussian_schedule(classes_up_to(100), 200, 5, Rng(0));
    ASSERT_THAT(schedule, SizeIs(200));
    double held = 0, expected = 0;
    for (std::int64_t episode = 0; episode < 200; ++episode) {
        held += static_cast<double>(schedule[static_cast<std::size_t>(episode)].size());
        for (std::int64_t place = 0; place < 100; ++place)
            expected += gaussian_presence(place, 100, 1000, 5 * episode);
    }
    EXPECT_NEAR(held / expected, 1.0, 0.05);  // some 2400 draws: a deviation of 2 %
}

TEST(GaussianSchedule, NeverHasAnEmptyEpisode) {
    // One class with its peak far from most of the 40 episodes.
    for (const auto& held : gaussian_schedule({7}, 40, 10, Rng(1)))
        EXPECT_THAT(held, ElementsAre(7));
}

TEST(GaussianSchedule, IsAFunctionOfItsSeed) {
    const auto one = gaussian_schedule(classes_up_to(10), 20, 5, Rng(1));
    EXPECT_EQ(gaussian_schedule(classes_up_to(10), 20, 5, Rng(1)), one);
    EXPECT_THAT(gaussian_schedule(classes_up_to(10), 20, 5, Rng(2)), Not(one));
}

TEST(GaussianStream, HidesItsBordersAndSharesOneTestSet) {
    config::Config config;
    config.gaussian_schedule = true;
    config.per_device_batch_size = 4;
    config.continual.num_tasks = 6;
    config.continual.num_train_steps_per_task = 2;
    const auto stream = make_task_stream(small_world(10, 3, 2), config);
    EXPECT_FALSE(stream.boundaries);
    ASSERT_THAT(stream.tasks, SizeIs(6));
    ASSERT_THAT(stream.tests, SizeIs(1));
    EXPECT_THAT(stream.tests[0].images, SizeIs(20));
    for (const Task& task : stream.tasks) {
        EXPECT_EQ(task.images_per_epoch, 2 * 4);
        EXPECT_EQ(task.train.size(), 3 * task.classes.size());
        EXPECT_EQ(task.tests, 1);
    }
}

TEST(GaussianStream, TrainsOnAllImagesOfAnEpisodeWithoutANumberOfSteps) {
    config::Config config;
    config.gaussian_schedule = true;
    config.continual.num_tasks = 6;
    for (const Task& task : make_task_stream(small_world(10, 3, 2), config).tasks)
        EXPECT_EQ(task.images_per_epoch, std::ssize(task.train));
}

}  // namespace
}  // namespace promptcl::stream
