#include "promptcl/stream/task_stream.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include "tests/stream/small_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace promptcl::stream {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

config::Config tasks_of(std::int64_t tasks, std::int64_t classes_per_task) {
    config::Config config;
    config.continual.num_tasks = tasks;
    config.continual.num_classes_per_task = classes_per_task;
    return config;
}

std::string message_of(const data::DataSource& source, const config::Config& config) {
    try {
        make_task_stream(source, config);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(TaskStream, TakesClassesInNaturalOrderAndImagesInTheOrderOfTheData) {
    const auto stream = make_task_stream(small_world(4, 2, 1), tasks_of(2, 2));
    ASSERT_THAT(stream.tasks, SizeIs(2));
    EXPECT_EQ(stream.num_classes, 4);
    EXPECT_THAT(stream.tasks[0].classes, ElementsAre(0, 1));
    EXPECT_THAT(stream.tasks[0].train, ElementsAre(0, 1, 4, 5));
    EXPECT_THAT(stream.tests[0].images, ElementsAre(0, 1));
    EXPECT_THAT(stream.tasks[1].classes, ElementsAre(2, 3));
    EXPECT_THAT(stream.tasks[1].train, ElementsAre(2, 3, 6, 7));
    EXPECT_THAT(stream.tests[1].images, ElementsAre(2, 3));
}

TEST(TaskStream, MayUseFewerClassesThanThereAre) {
    const auto stream = make_task_stream(small_world(5, 1, 1), tasks_of(2, 1));
    ASSERT_THAT(stream.tasks, SizeIs(2));
    EXPECT_EQ(stream.num_classes, 5);
    EXPECT_THAT(stream.tasks[1].classes, ElementsAre(1));
}

TEST(TaskStream, PermutesTheClassesByTheirSeedAndKeepsTheirLabels) {
    const auto source = small_world(20, 1, 1);
    auto config = tasks_of(10, 2);
    config.continual.rand_seed = 3;
    const auto stream = make_task_stream(source, config);
    std::vector<std::int64_t> order;
    for (const auto& task : stream.tasks) {
        order.insert(order.end(), task.classes.begin(), task.classes.end());
        for (const auto image : task.train)
            EXPECT_THAT(task.classes, testing::Contains(source.train->label(image)));
    }
    EXPECT_FALSE(std::ranges::is_sorted(order));
    EXPECT_EQ(std::set(order.begin(), order.end()).size(), 20u);
    EXPECT_EQ(order, Rng(3).fork("class_order").permutation(20));
    config.seed = 99;  // not the seed of the order
    EXPECT_EQ(make_task_stream(source, config).tasks[0].classes, stream.tasks[0].classes);
}

TEST(TaskStream, ReversesTheTasksNotTheClassesInThem) {
    auto config = tasks_of(2, 2);
    config.reverse_task = true;
    const auto stream = make_task_stream(small_world(5, 1, 1), config);
    EXPECT_THAT(stream.tasks[0].classes, ElementsAre(2, 3));
    EXPECT_THAT(stream.tasks[1].classes, ElementsAre(0, 1));
}

TEST(TaskStream, KeepsAShareOfEveryClassInBothSplitsButAtLeastOne) {
    const auto source = small_world(3, 10, 4);
    auto config = tasks_of(1, 3);
    config.subsample_rate = 20;
    const auto stream = make_task_stream(source, config);
    EXPECT_THAT(stream.tasks[0].train, SizeIs(3 * 2));
    EXPECT_THAT(stream.tests[0].images, SizeIs(3 * 1));
    EXPECT_TRUE(std::ranges::is_sorted(stream.tasks[0].train));
    EXPECT_EQ(make_task_stream(source, config).tasks[0].train, stream.tasks[0].train);
    config.seed = 43;
    EXPECT_NE(make_task_stream(source, config).tasks[0].train, stream.tasks[0].train);
    config.subsample_rate = 100;
    EXPECT_THAT(make_task_stream(source, config).tasks[0].train, SizeIs(30));
}

TEST(TaskStream, KeepsTheFirstShareOfEachSplitAsAWholeInFileOrder) {
    const auto source = small_world(3, 10, 4);  // 30 training and 12 test images
    auto config = tasks_of(1, 3);
    config.subsample_rate = 75;  // of 30: 22.5, to even 22; of 12: 9
    config.subsample_order = "first";
    const auto stream = make_task_stream(source, config);
    std::vector<std::int64_t> first(22);
    std::iota(first.begin(), first.end(), 0);
    EXPECT_EQ(stream.tasks[0].train, first);
    first.resize(9);
    EXPECT_EQ(stream.tests[0].images, first);
}

TEST(TaskStream, NamesBothKeysWhenThereAreTooFewClasses) {
    EXPECT_THAT(message_of(small_world(5, 1, 1), tasks_of(3, 2)),
                AllOf(HasSubstr("continual.num_tasks 3"),
                      HasSubstr("continual.num_classes_per_task 2"), HasSubstr("5 classes")));
    EXPECT_THROW(make_task_stream(small_world(5, 1, 1), tasks_of(3, 2)), UsageError);
    EXPECT_THROW(make_task_stream(small_world(5, 1, 1), tasks_of(0, 2)), UsageError);
}

TEST(TaskStream, NamesTheClassWithoutTrainingImages) {
    auto source = small_world(3, 1, 1);
    source.train = grey_images({0, 2});
    EXPECT_THAT(message_of(source, tasks_of(3, 1)),
                HasSubstr("class 1 (class_1) has no training image"));
}

TEST(TaskStream, NamesTheTaskWithoutTestImages) {
    auto source = small_world(3, 1, 1);
    source.test = grey_images({0, 1});
    EXPECT_THAT(message_of(source, tasks_of(3, 1)), HasSubstr("no test image"));
    EXPECT_EQ(message_of(source, tasks_of(2, 1)), "no error");
}

TEST(TaskStream, EvaluatesTheTestSetsOfTheTasksSeenSoFar) {
    const auto stream = make_task_stream(small_world(4, 2, 1), tasks_of(2, 2));
    EXPECT_EQ(stream.tasks[0].tests, 1);
    EXPECT_EQ(stream.tasks[1].tests, 2);
    EXPECT_TRUE(stream.boundaries);
}

TEST(TaskStream, MergedTrainsOnAllAndStillTestsTaskByTask) {
    auto config = tasks_of(2, 2);
    config.continual.merge_tasks = true;
    const auto stream = make_task_stream(small_world(5, 2, 1), config);
    ASSERT_THAT(stream.tasks, SizeIs(1));
    EXPECT_THAT(stream.tasks[0].classes, ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(stream.tasks[0].train, ElementsAre(0, 1, 2, 3, 5, 6, 7, 8));
    EXPECT_EQ(stream.tasks[0].images_per_epoch, 8);
    EXPECT_EQ(stream.tasks[0].tests, 2);
    EXPECT_THAT(stream.tests[1].classes, ElementsAre(2, 3));
}

/// Six images of two classes in three domains: 0 1 | 0 1 | 0 1.
data::DataSource three_domains() {
    data::DataSource source = small_world(2, 3, 2);
    source.tasks = data::TaskLabels{.names = {"a", "b", "c"}, .train = {0, 0, 1, 1, 2, 2}};
    return source;
}

TEST(OwnTasks, ShareTheCommonTestSet) {
    const auto stream = make_task_stream(three_domains(), tasks_of(3, 2));
    ASSERT_THAT(stream.tasks, SizeIs(3));
    EXPECT_THAT(stream.tasks[1].classes, ElementsAre(0, 1));
    EXPECT_THAT(stream.tasks[1].train, ElementsAre(2, 3));
    ASSERT_THAT(stream.tests, SizeIs(1));
    EXPECT_THAT(stream.tests[0].images, ElementsAre(0, 1, 2, 3));
    EXPECT_EQ(stream.tasks[0].tests, 1);
    EXPECT_EQ(stream.tasks[2].tests, 1);
}

TEST(OwnTasks, HaveTheirOwnTestSetsWhereTheDataSaysSo) {
    auto source = three_domains();
    source.tasks->test = {0, 1, 2, 2};
    const auto stream = make_task_stream(source, tasks_of(2, 2));
    ASSERT_THAT(stream.tests, SizeIs(2));
    EXPECT_THAT(stream.tests[1].images, ElementsAre(1));
    EXPECT_EQ(stream.tasks[1].tests, 2);
}

TEST(OwnTasks, ComeInADrawnOrderWithARandSeedAndReversedWithReverseTask) {
    auto config = tasks_of(3, 2);
    config.reverse_task = true;
    EXPECT_THAT(make_task_stream(three_domains(), config).tasks[0].train, ElementsAre(4, 5));
    config.reverse_task = false;
    config.continual.rand_seed = 5;
    const auto first = Rng(5).fork("class_order").permutation(3)[0];
    EXPECT_THAT(make_task_stream(three_domains(), config).tasks[0].train,
                ElementsAre(2 * first, 2 * first + 1));
}

TEST(OwnTasks, AreNamedWhenThereAreTooFew) {
    EXPECT_THAT(message_of(three_domains(), tasks_of(4, 2)),
                AllOf(HasSubstr("continual.num_tasks is 4"), HasSubstr("has 3 tasks")));
}

TEST(OwnTasks, CannotFollowAGaussianSchedule) {
    auto config = tasks_of(3, 2);
    config.gaussian_schedule = true;
    EXPECT_THAT(message_of(three_domains(), config), HasSubstr("gaussian_schedule"));
}

TEST(TaskStream, RefusesLabelsAndSharesOutOfRange) {
    auto source = small_world(2, 1, 1);
    source.train = grey_images({0, 1, 2});
    EXPECT_THAT(message_of(source, tasks_of(2, 1)), HasSubstr("training image 2 has label 2"));
    auto config = tasks_of(2, 1);
    config.subsample_rate = 0;
    EXPECT_THAT(message_of(small_world(2, 1, 1), config), HasSubstr("subsample_rate is 0"));
}

}  // namespace
}  // namespace promptcl::stream
