// Learning rates worked out by hand.
#include "promptcl/train/schedule.h"

#include <gtest/gtest.h>

namespace promptcl::train {
namespace {

constexpr std::int64_t kStepsPerEpoch = 10;

/// Four epochs at batch 64: a learning_rate of 0.4 is one of 0.1.
config::Config scheduled(const std::string& schedule) {
    config::Config config;
    config.learning_rate_schedule = schedule;
    config.learning_rate = 0.4;
    config.num_epochs = 4;
    config.per_device_batch_size = 16;
    config.num_devices = 4;
    return config;
}

double rate(const config::Config& config, std::int64_t step) {
    return learning_rate_at(config, step, kStepsPerEpoch);
}

TEST(LearningRate, IsScaledByTheBatchOfAllDevices) {
    config::Config config = scheduled("constant");
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.1);
    config.num_devices = 1;
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.025);
    config.per_device_batch_size = 256;
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.4);
}

TEST(LearningRate, StaysWhenConstant) {
    const config::Config config = scheduled("constant");
    EXPECT_DOUBLE_EQ(rate(config, 40), 0.1);
}

TEST(LearningRate, FallsToZeroAlongALine) {
    const config::Config config = scheduled("linear");
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.1 * (1 - 0.1 / 4));
    EXPECT_DOUBLE_EQ(rate(config, 20), 0.05);
    EXPECT_NEAR(rate(config, 40), 0.0, 1e-15);
}

TEST(LearningRate, FallsToZeroAlongACosine) {
    config::Config config = scheduled("cosine");
    EXPECT_DOUBLE_EQ(rate(config, 20), 0.05);
    EXPECT_NEAR(rate(config, 40), 0.0, 1e-15);
    config.num_epochs = 3;  // a third of the way: (1 + cos 60 degrees) / 2
    EXPECT_DOUBLE_EQ(rate(config, 10), 0.075);
}

TEST(LearningRate, RisesAlongALineDuringWarmUpAndDecaysFromItsEnd) {
    config::Config config = scheduled("linear");
    config.warmup_epochs = 2;
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.1 * 0.05);
    EXPECT_DOUBLE_EQ(rate(config, 10), 0.05);
    EXPECT_DOUBLE_EQ(rate(config, 20), 0.1);
    EXPECT_DOUBLE_EQ(rate(config, 30), 0.05);
    config.learning_rate_schedule = "cosine";
    EXPECT_DOUBLE_EQ(rate(config, 10), 0.05);
    EXPECT_DOUBLE_EQ(rate(config, 30), 0.05);
    config.learning_rate_schedule = "constant";
    EXPECT_DOUBLE_EQ(rate(config, 30), 0.1);
}

TEST(LearningRate, WarmsUpOverFractionsOfAnEpoch) {
    config::Config config = scheduled("constant");
    config.warmup_epochs = 0.5;
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.02);
    EXPECT_DOUBLE_EQ(rate(config, 5), 0.1);
}

TEST(LearningRate, HasAFloorScaledByTheBatchOnceItIsWarm) {
    config::Config config = scheduled("linear");
    config.warmup_epochs = 1;
    config.min_learning_rate = 0.12;                // 0.03 at batch 64
    EXPECT_DOUBLE_EQ(rate(config, 1), 0.01);        // warming up: below the floor
    EXPECT_DOUBLE_EQ(rate(config, 10), 0.1);        //
    EXPECT_DOUBLE_EQ(rate(config, 25), 0.1 * 0.5);  // half of the three epochs left
    EXPECT_DOUBLE_EQ(rate(config, 37), 0.03);       // 0.1 * 0.1 would be below it
    EXPECT_DOUBLE_EQ(rate(config, 40), 0.03);
}

}  // namespace
}  // namespace promptcl::train
