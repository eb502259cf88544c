// Which images a task's steps see.
#include "promptcl/train/task_plan.h"

#include "promptcl/core/error.h"

#include "tests/stream/small_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace promptcl::train {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsSubsetOf;
using testing::Lt;
using testing::SizeIs;

const input::HostImages kImages(data::Transform({.input_size = 8, .resize_size = 8}));

/// Three tasks of two classes with 8 training images each, in batches of 4: 4 steps an epoch, 2
/// epochs.
Experiment experiment(const std::function<void(config::Config&)>& change = {}) {
    Experiment result;
    auto& config = result.config;
    config.continual.num_tasks = 3;
    config.continual.num_classes_per_task = 2;
    config.continual.replay_no_mask = true;
    config.per_device_batch_size = 4;
    config.num_epochs = 2;
    if (change) change(config);
    result.data = stream::small_world(6, 8, 1);
    result.stream = stream::make_task_stream(result.data, config);
    return result;
}

/// Four images of each class of the first `tasks` tasks.
stream::ReplayBuffer buffer_of(const Experiment& experiment, std::size_t tasks) {
    stream::ReplayBuffer buffer(4, Rng(1));
    for (std::size_t task = 0; task < tasks; ++task)
        buffer.add(*experiment.data.train, experiment.stream.tasks[task].train);
    return buffer;
}

std::vector<std::int64_t> new_labels(const stream::Batch& batch) {
    return {batch.labels.begin(), batch.labels.end() - batch.replayed};
}

std::vector<std::int64_t> old_labels(const stream::Batch& batch) {
    return {batch.labels.end() - batch.replayed, batch.labels.end()};
}

TEST(TaskPlan, ReplaysAsManyImagesAsItLearnsFromTheSecondTaskOn) {
    const Experiment run = experiment();
    const auto buffer = buffer_of(run, 1);
    const TaskPlan plan = plan_task(run, kImages, &buffer, 1);
    EXPECT_EQ(plan.steps(), 8);
    for (std::int64_t step = 0; step < plan.steps(); ++step) {
        const stream::Batch batch = plan.batch(step);
        EXPECT_EQ(batch.replayed, 4);
        EXPECT_THAT(new_labels(batch), SizeIs(4));
        EXPECT_THAT(new_labels(batch), IsSubsetOf({2, 3, 2, 3, 2, 3, 2, 3}));
        EXPECT_THAT(old_labels(batch), Each(Lt(2)));
    }
    EXPECT_EQ(plan_task(run, kImages, &buffer, 0).batch(0).replayed, 0);
}

TEST(TaskPlan, NamesReplayedImagesByTheirPlaceInTheTrainingSplit) {
    const Experiment run = experiment();
    const auto buffer = buffer_of(run, 1);
    const stream::Batch batch = plan_task(run, kImages, &buffer, 1).batch(0);
    for (std::size_t k = 0; k < batch.ids.size(); ++k)
        EXPECT_EQ(run.data.train->label(batch.ids[k]), batch.labels[k]);
}

TEST(TaskPlan, LoadsNoPixelsThatNobodyReads) {
    const Experiment run = experiment();
    const auto buffer = buffer_of(run, 1);
    const stream::Batch read = plan_task(run, kImages, &buffer, 1).batch(3);
    const stream::Batch unread =
        plan_task(run, kImages, &buffer, 1, stream::Pixels::kUnread).batch(3);
    EXPECT_TRUE(unread.images.empty());
    EXPECT_EQ(unread.ids, read.ids);
    EXPECT_EQ(unread.labels, read.labels);
    EXPECT_EQ(unread.replayed, 4);
}

TEST(TaskPlan, IsAFunctionOfTheSeedTheTaskAndTheStep) {
    const Experiment run = experiment();
    const auto buffer = buffer_of(run, 2);
    const TaskPlan one = plan_task(run, kImages, &buffer, 2);
    const TaskPlan again = plan_task(run, kImages, &buffer, 2);
    EXPECT_EQ(one.batch(3).images, again.batch(3).images);
    EXPECT_NE(old_labels(one.batch(3)), old_labels(one.batch(4)));
}

TEST(TaskPlan, ReplayChangesNothingOfTheNewImages) {
    const Experiment run = experiment();
    const auto buffer = buffer_of(run, 1);
    const auto with = plan_task(run, kImages, &buffer, 1).batch(5);
    const auto without = plan_task(run, kImages, nullptr, 1).batch(5);
    EXPECT_EQ(new_labels(with), without.labels);
    EXPECT_TRUE(
        std::ranges::equal(without.images, std::span(with.images).first(without.images.size())));
}

TEST(TaskPlan, ReviewsTheBufferAfterTheTaskWithoutAnyMask) {
    const Experiment run = experiment([](config::Config& config) {
        config.continual.review_trick = true;
        config.continual.num_review_epochs = 3;
        config.prompt_pool_param.use_prompt_mask = true;
    });
    const auto buffer = buffer_of(run, 2);
    const TaskPlan plan = plan_task(run, kImages, &buffer, 1);
    EXPECT_EQ(plan.training.total, 8);
    EXPECT_EQ(plan.review.total, 6);  // 3 epochs over 2 classes of 4 images
    EXPECT_EQ(plan.steps(), 14);
    EXPECT_EQ(plan.batch(7).replayed, 0);
    EXPECT_TRUE(plan.rules_of(7).classes && plan.rules_of(7).prompt_mask);
    EXPECT_FALSE(plan.rules_of(8).classes || plan.rules_of(8).prompt_mask);
    std::set<std::int64_t> reviewed;
    for (std::int64_t step = 8; step < 14; ++step) {
        const auto labels = plan.batch(step).labels;
        EXPECT_THAT(labels, SizeIs(4));
        reviewed.insert(labels.begin(), labels.end());
    }
    EXPECT_EQ(reviewed, (std::set<std::int64_t>{0, 1, 2, 3}));
}

TEST(TaskPlan, CountsEpochsOfTrainingAndReview) {
    TaskPlan plan{.training = {.per_epoch = 4, .total = 8},
                  .review = {.per_epoch = 3, .total = 6},
                  .rules = {},
                  .rng = Rng(0),
                  .batch = {}};
    EXPECT_EQ(plan.whole_epochs(3), std::nullopt);
    EXPECT_EQ(plan.whole_epochs(4), 1);
    EXPECT_EQ(plan.whole_epochs(8), 2);
    EXPECT_EQ(plan.whole_epochs(10), std::nullopt);
    EXPECT_EQ(plan.whole_epochs(11), 3);
    EXPECT_EQ(plan.whole_epochs(14), 4);
}

/// A review of 3 epochs.
Experiment reviewing(const std::function<void(config::Config&)>& change) {
    return experiment([&](config::Config& config) {
        config.continual.review_trick = true;
        config.continual.num_review_epochs = 3;
        change(config);
    });
}

TEST(TaskPlan, RoundsTheStepsOfAReviewDownToWholeEpochs) {
    const Experiment run =
        reviewing([](config::Config& config) { config.continual.num_review_steps = 11; });
    const auto buffer = buffer_of(run, 1);
    const TaskPlan plan = plan_task(run, kImages, &buffer, 0);
    EXPECT_EQ(plan.review.per_epoch, 3);
    EXPECT_EQ(plan.review.total, 9);
    EXPECT_EQ(plan.steps(), 17);
}

TEST(TaskPlan, WithoutTrainingBeginsWithTheReview) {
    const Experiment run = reviewing([](config::Config& config) { config.no_train = true; });
    const auto buffer = buffer_of(run, 2);
    const TaskPlan plan = plan_task(run, kImages, &buffer, 1);
    EXPECT_EQ(plan.training.total, 0);
    EXPECT_EQ(plan.training.per_epoch, 4);  // the learning rate still counts in epochs of the task
    EXPECT_EQ(plan.steps(), 6);
    EXPECT_FALSE(plan.rules_of(0).classes);
    EXPECT_THAT(plan.batch(0).labels, Each(Lt(4)));
}

TEST(TaskPlan, ReviewsAfterTheLastTaskOnlyWhenAskedTo) {
    const Experiment run =
        reviewing([](config::Config& config) { config.review_last_only = true; });
    const auto buffer = buffer_of(run, 3);
    EXPECT_EQ(plan_task(run, kImages, &buffer, 1).steps(), 8);
    EXPECT_EQ(plan_task(run, kImages, &buffer, 2).steps(), 14);
}

TEST(TaskPlan, CountsStepsOverAPartOfTheImagesAndShowsAll) {
    const Experiment run =
        experiment([](config::Config& config) { config.continual.counted_percent = 75; });
    const TaskPlan plan = plan_task(run, kImages, nullptr, 0);
    EXPECT_EQ(plan.training.per_epoch, 3);  // of 12 of 16 images
    EXPECT_EQ(plan.steps(), 6);
    std::set<std::int64_t> shown;
    for (std::int64_t step = 0; step < 4; ++step) {
        const auto ids = plan.batch(step).ids;
        shown.insert(ids.begin(), ids.end());
    }
    EXPECT_THAT(shown, SizeIs(16));
}

TEST(TaskPlan, RefusesAReviewThatFillsNoBatch) {
    const Experiment run =
        experiment([](config::Config& config) { config.continual.review_trick = true; });
    const stream::ReplayBuffer empty(4, Rng(1));
    try {
        plan_task(run, kImages, &empty, 0);
        FAIL() << "planned a review of nothing";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("continual.replay.num_samples_per_class"));
    }
}

TEST(TaskPlan, RefusesToHideTheClassOfAReplayedImage) {
    const Experiment run =
        experiment([](config::Config& config) { config.continual.replay_reverse_mask = true; });
    const auto apart = buffer_of(run, 1), shared = buffer_of(run, 2);
    EXPECT_NO_THROW(plan_task(run, kImages, &apart, 1));
    try {
        plan_task(run, kImages, &shared, 1);
        FAIL() << "planned a step of infinite loss";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("continual.replay_reverse_mask"));
    }
}

}  // namespace
}  // namespace promptcl::train
