#include "promptcl/model/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace promptcl::model {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

constexpr double kRounding = 1e-6;  // logits are floats

TEST(Probabilities, AreTheSoftmaxOfTheLogitsOverTheTemperature) {
    const std::vector<float> logits = {0.0F, std::log(3.0F)};
    EXPECT_THAT(probabilities(logits, 1.0),
                ElementsAre(DoubleNear(0.25, kRounding), DoubleNear(0.75, kRounding)));
    EXPECT_THAT(probabilities(logits, 0.5),  // 1 : 9
                ElementsAre(DoubleNear(0.1, kRounding), DoubleNear(0.9, kRounding)));
}

TEST(Probabilities, OfHugeLogitsAreFinite) {
    const std::vector<float> logits = {1e30F, -1e30F};
    EXPECT_THAT(probabilities(logits, 1.0), ElementsAre(1.0, 0.0));
}

/// Four images with logits {0, log 9}, three of them of class 1.
struct Overconfident {
    std::vector<float> logits;
    std::vector<std::int64_t> labels = {1, 1, 0, 1};
    Overconfident() {
        for (int i = 0; i < 4; ++i) {
            logits.push_back(0);
            logits.push_back(std::log(9.0F));
        }
    }
    Scored scored() const { return {logits, labels}; }
};

TEST(Temperature, MakesTheMeanProbabilityTheShareThatIsRight) {
    // Right in 3 of 4: the best odds are 3 : 1, and 9^(1/T) = 3 at T = 2.
    EXPECT_NEAR(fit_temperature(Overconfident().scored()), 2.0, 1e-5);
}

TEST(Temperature, StaysInItsBoundsWhenEveryAnswerIsRight) {
    const std::vector<float> logits = {0, 1, 0, 1};
    const std::vector<std::int64_t> labels = {1, 1};
    EXPECT_NEAR(fit_temperature({logits, labels}), 1.0 / 50, 1e-6);
}

TEST(NegativeLogLikelihood, IsTheMeanOverTheImages) {
    // At T = 1 class 1 has 0.9: three times -log 0.9 and once -log 0.1.
    EXPECT_NEAR(negative_log_likelihood(Overconfident().scored(), 1.0),
                -(3 * std::log(0.9) + std::log(0.1)) / 4, kRounding);
}

TEST(CalibrationError, IsTheGapBetweenConfidenceAndAccuracy) {
    EXPECT_NEAR(calibration_error(Overconfident().scored(), 1.0), 0.9 - 0.75, kRounding);
    EXPECT_NEAR(calibration_error(Overconfident().scored(), 2.0), 0.0, kRounding);
}

TEST(CalibrationError, DoesNotLetTwoBinsMakeUpForEachOther) {
    // One image sure and wrong (gap 0.9), one unsure and right (gap 1 - 0.6).
    const std::vector<float> logits = {0, std::log(9.0F), 0, std::log(1.5F)};
    const std::vector<std::int64_t> labels = {0, 1};
    EXPECT_NEAR(calibration_error({logits, labels}, 1.0), (0.9 + 0.4) / 2, kRounding);
}

std::vector<Likeness> hundred_images() {
    std::vector<Likeness> images;
    for (int i = 0; i < 100; ++i)
        images.push_back({.key = i / 100.0, .class_mean = (99 - i) / 100.0});
    return images;
}

TEST(Threshold, GivesHalfOfTheFalseAlarmsToEachLikeness) {
    const auto images = hundred_images();
    const Threshold threshold = fit_threshold(images, images, 0.10);
    EXPECT_DOUBLE_EQ(threshold.least.key, 0.05);
    EXPECT_DOUBLE_EQ(threshold.least.class_mean, 0.05);
    EXPECT_DOUBLE_EQ(threshold.measured, 0.10);
}

TEST(Threshold, GivesThemAllToOneWhenTheOtherTellsNothing) {
    auto images = hundred_images();
    for (Likeness& image : images)
        image.key = 1;  // no pool
    const Threshold threshold = fit_threshold(images, images, 0.10);
    EXPECT_DOUBLE_EQ(threshold.least.class_mean, 0.10);
    EXPECT_FALSE(threshold.rejects({.key = 1, .class_mean = 0.10}));
    EXPECT_TRUE(threshold.rejects({.key = 1, .class_mean = 0.09}));
}

TEST(Threshold, IsMeasuredOnOtherImagesThanItWasFittedOn) {
    const auto fitted = hundred_images();
    const std::vector<Likeness> others = {{.key = 0.01, .class_mean = 0.9},
                                          {.key = 0.5, .class_mean = 0.5}};
    EXPECT_DOUBLE_EQ(fit_threshold(fitted, others, 0.10).measured, 0.5);
}

TEST(Calibration, FindsTheLargestThresholdThatRejectsNoMoreThanAsked) {
    Calibration calibration;
    for (const double wanted : {0.01, 0.05, 0.10})
        calibration.thresholds.push_back({.wanted = wanted});
    EXPECT_EQ(calibration.threshold_for(0.07)->wanted, 0.05);
    EXPECT_EQ(calibration.threshold_for(0.001), nullptr);
}

}  // namespace
}  // namespace promptcl::model
