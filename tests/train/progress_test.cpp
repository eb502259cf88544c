// Figures of an interval, and progress through a file and back.
#include "promptcl/train/progress.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::train {
namespace {

Progress halfway() {
    Progress p;
    p.position = {.task = 3, .step = 17, .global_step = 317, .evaluated = true};
    p.interval.add({.loss = 1.0 / 3, .grad_norm = 0.1, .accuracy = 0.7, .images = 16}, 0.1 + 0.2);
    p.configured.record(0, 0, 2.0 / 3);
    p.configured.record(0, 1, 0.1);
    p.configured.record(1, 1, std::nextafter(0.5, 1));
    p.instance.record(0, 0, 1e-17);
    p.eval_loss = {std::sqrt(2), 1e300};
    p.instance_eval_loss = {5e-324};
    p.test_images = {100, 9007199254740993};
    p.train_seconds = 1e9 / 7;
    p.input_wait_seconds = 1.0 / 3;
    p.eval_seconds = 0.1;
    p.trained_images = 5072;
    p.evaluated_images = 300;
    return p;
}

TEST(Interval, AveragesOverItsSteps) {
    Interval interval;
    interval.add({.loss = 1, .grad_norm = 4, .accuracy = 0.5, .images = 2}, 0.3);
    interval.add({.loss = 4, .grad_norm = 6, .accuracy = 1.0, .images = 6}, 0.2);
    EXPECT_EQ(interval.steps, 2);
    EXPECT_EQ(interval.mean_loss(), 2.5);
    EXPECT_EQ(interval.loss_std(), 1.5);  // of all steps, not of a sample
    EXPECT_EQ(interval.mean_grad_norm(), 5);
    EXPECT_EQ(interval.accuracy(), 7.0 / 8);  // by images
    EXPECT_EQ(interval.learning_rate, 0.2);   // the last
}

TEST(Interval, HasNoDeviationInOneStepOrAmongEqualOnes) {
    Interval interval;
    for (int i = 0; i < 3; ++i) {
        interval.add({.loss = 0.1, .images = 1}, 0.1);
        EXPECT_NEAR(interval.loss_std(), 0.0, 1e-8);
        EXPECT_FALSE(std::isnan(interval.loss_std()));
    }
}

TEST(Progress, ComesBackExactlyFromItsText) {
    const Progress before = halfway();
    const Progress after = progress_from_json(nlohmann::json::parse(to_json(before).dump()));
    EXPECT_EQ(after.position.task, 3);
    EXPECT_EQ(after.position.step, 17);
    EXPECT_EQ(after.position.global_step, 317);
    EXPECT_TRUE(after.position.evaluated);
    EXPECT_EQ(after.interval.steps, before.interval.steps);
    EXPECT_EQ(after.interval.images, before.interval.images);
    EXPECT_EQ(after.interval.loss, before.interval.loss);
    EXPECT_EQ(after.interval.loss_squared, before.interval.loss_squared);
    EXPECT_EQ(after.interval.grad_norm, before.interval.grad_norm);
    EXPECT_EQ(after.interval.correct, before.interval.correct);
    EXPECT_EQ(after.interval.learning_rate, before.interval.learning_rate);
    EXPECT_EQ(after.configured.rows(), before.configured.rows());
    EXPECT_EQ(after.instance.rows(), before.instance.rows());
    EXPECT_EQ(after.eval_loss, before.eval_loss);
    EXPECT_EQ(after.instance_eval_loss, before.instance_eval_loss);
    EXPECT_EQ(after.test_images, before.test_images);
    EXPECT_EQ(after.train_seconds, before.train_seconds);
    EXPECT_EQ(after.input_wait_seconds, before.input_wait_seconds);
    EXPECT_EQ(after.eval_seconds, before.eval_seconds);
    EXPECT_EQ(after.trained_images, before.trained_images);
    EXPECT_EQ(after.evaluated_images, before.evaluated_images);
}

TEST(Progress, OfARunThatHasNotBegunComesBackEmpty) {
    const Progress after = progress_from_json(nlohmann::json::parse(to_json(Progress()).dump()));
    EXPECT_EQ(to_json(after), to_json(Progress()));
    EXPECT_EQ(after.configured.tasks(), 0);
}

}  // namespace
}  // namespace promptcl::train
