#include "promptcl/stream/sampler.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace promptcl::stream {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

TEST(TrainingSteps, OfSplitCifar100AreFiveEpochsOf312) {
    // 5000 * 5 / 16 = 1562.5, cut to whole epochs of 312 steps.
    const auto steps = training_steps(5000, 5, 16);
    EXPECT_EQ(steps.per_epoch, 312);
    EXPECT_EQ(steps.total, 1560);
}

TEST(TrainingSteps, AreCutToWholeEpochs) {
    // 10 * 3 / 4 = 7.5 -> 7 steps -> 2 an epoch.
    EXPECT_EQ(training_steps(10, 3, 4).per_epoch, 2);
    EXPECT_EQ(training_steps(10, 3, 4).total, 6);
}

TEST(TrainingSteps, RefuseATaskSmallerThanABatch) {
    EXPECT_EQ(training_steps(16, 5, 16).per_epoch, 1);
    try {
        training_steps(15, 5, 16);
        FAIL() << "no error";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("per_device_batch_size"));
    }
}

std::vector<std::int64_t> places(const EpochSampler& sampler, std::int64_t first_step,
                                 std::int64_t last_step) {
    std::vector<std::int64_t> all;
    for (std::int64_t step = first_step; step < last_step; ++step) {
        const auto batch = sampler.batch(step);
        all.insert(all.end(), batch.begin(), batch.end());
    }
    return all;
}

TEST(EpochSampler, ShowsEveryImageOnceAnEpochAlsoWhenABatchCrossesTheBorder) {
    const EpochSampler sampler({10, 20, 30, 40, 50}, 2, Rng(1));
    const auto all = places(sampler, 0, 5);  // two epochs
    EXPECT_THAT(std::vector(all.begin(), all.begin() + 5),
                UnorderedElementsAre(10, 20, 30, 40, 50));
    EXPECT_THAT(std::vector(all.begin() + 5, all.end()), UnorderedElementsAre(10, 20, 30, 40, 50));
}

TEST(EpochSampler, OrdersEveryEpochAnew) {
    std::vector<std::int64_t> indices(50);
    for (std::size_t i = 0; i < 50; ++i)
        indices[i] = static_cast<std::int64_t>(i);
    const EpochSampler sampler(indices, 50, Rng(1));
    EXPECT_NE(sampler.batch(0), sampler.batch(1));
    EXPECT_NE(sampler.batch(0), indices);
}

TEST(EpochSampler, GivesAStepTheSameImagesWhateverWasAskedBefore) {
    const EpochSampler straight({1, 2, 3, 4, 5, 6, 7}, 3, Rng(9)),
        resumed({1, 2, 3, 4, 5, 6, 7}, 3, Rng(9));
    const auto all = places(straight, 0, 6);
    EXPECT_EQ(resumed.batch(5), std::vector(all.begin() + 15, all.end()));
    EXPECT_NE(EpochSampler({1, 2, 3, 4, 5, 6, 7}, 3, Rng(8)).batch(5), resumed.batch(5));
}

TEST(EpochSampler, FillsABatchLargerThanTheData) {
    EXPECT_THAT(EpochSampler({1, 2}, 4, Rng(1)).batch(0), UnorderedElementsAre(1, 1, 2, 2));
}

TEST(CountedImages, RoundAHalfToTheEvenNumberAsTheSplitsOfTensorFlowDatasets) {
    EXPECT_EQ(counted_images(5000, 99), 4950);
    EXPECT_EQ(counted_images(50, 99), 50);    // leaves out round(0.5) = 0
    EXPECT_EQ(counted_images(150, 99), 148);  // round(1.5) = 2
    EXPECT_EQ(counted_images(250, 99), 248);  // round(2.5) = 2
    EXPECT_EQ(counted_images(7, 100), 7);
}

}  // namespace
}  // namespace promptcl::stream
