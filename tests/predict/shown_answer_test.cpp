#include "promptcl/predict/shown_answer.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/small_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::predict {
namespace {

using ::testing::HasSubstr;

/// A classifier of cat, dog, owl that at 5 % wants cosines of at least 0.1 and 0.2.
model::Classifier classifier() {
    return support::small_classifier(support::small_l2p(), {"cat", "dog", "owl"});
}

const Answer kAnswer{.logits = {0, 3, 1.5},
                     .prompts = {2, 0},
                     .likeness = {.key = 0.15, .class_mean = 0.1},
                     .query = {},
                     .feature = {}};

TEST(ShownAnswer, ListsTheMostProbableClassesFirstAndTiesAsTheyCome) {
    const auto best = best_classes({0.1, 0.4, 0.1, 0.4}, {"a", "b", "c", "d"}, 3);
    ASSERT_EQ(best.size(), 3U);
    EXPECT_EQ(best[0].name + best[1].name + best[2].name, "bda");
    EXPECT_EQ(best_classes({1}, {"a"}, 5).size(), 1U);
}

TEST(ShownAnswer, HasTheProbabilitiesOfTheTemperature) {
    const auto answer = shown(kAnswer, "x.png", classifier().state, {.top_k = 1});
    ASSERT_EQ(answer.classes.size(), 1U);
    EXPECT_EQ(answer.classes[0].name, "dog");
    // Logits 0, 3, 1.5 at a temperature of 1.5.
    const double e = std::exp(1.0);
    EXPECT_NEAR(answer.classes[0].probability, e * e / (1 + e * e + e), 1e-6);
}

TEST(ShownAnswer, IsRejectedBelowTheThresholdThatIsAskedFor) {
    const auto made = classifier();
    const auto& threshold = threshold_of(made.state.calibration, 0.05, "x.pcl");
    const Showing without{.likeness = true}, with{.threshold = &threshold, .likeness = true};
    EXPECT_FALSE(shown(kAnswer, "x.png", made.state, without).likeness->rejected);
    EXPECT_TRUE(shown(kAnswer, "x.png", made.state, with).likeness->rejected);
    EXPECT_EQ(shown(kAnswer, "x.png", made.state, {}).likeness, std::nullopt);
}

TEST(ShownAnswer, AsJsonHasALikenessWhereItHasOne) {
    const auto made = classifier();
    const auto json = to_json(shown(kAnswer, "x.png", made.state, {.likeness = true}));
    EXPECT_EQ(json.at("image"), "x.png");
    EXPECT_EQ(json.at("classes").at(0).at("class"), "dog");
    EXPECT_EQ(json.at("prompts"), nlohmann::json({2, 0}));
    EXPECT_EQ(json.at("likeness").at("class_mean"), 0.1);
    EXPECT_EQ(json.at("rejected"), false);
    EXPECT_FALSE(to_json(shown(kAnswer, "x.png", made.state, {})).contains("likeness"));
}

TEST(ShownAnswer, CannotBeRejectedByAShareThatNobodyMeasured) {
    const auto made = classifier();
    EXPECT_THAT(
        message_of<UsageError>([&] { threshold_of(made.state.calibration, 0.01, "x.pcl"); }),
        HasSubstr("a share of 0.01 to reject is below the least that x.pcl knows, 0.05"));
    EXPECT_THAT(message_of<UsageError>([] { threshold_of({}, 0.05, "x.pcl"); }),
                HasSubstr("x.pcl does not know what its classes look like"));
}

TEST(ShownAnswer, SaysNothingOfLikenessWhereNoClassMeanIsKnown) {
    auto made = classifier();
    auto& images = made.state.arrays.at("class/images");
    images = io::Array::of(std::span<const float>(std::vector<float>{0, 0, 0}), {3});
    EXPECT_FALSE(knows_its_classes(made));
    images = io::Array::of(std::span<const float>(std::vector<float>{0, 2, 0}), {3});
    EXPECT_TRUE(knows_its_classes(made));
}

}  // namespace
}  // namespace promptcl::predict
