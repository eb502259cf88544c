#include "promptcl/predict/drift.h"

#include "tests/support/small_classifier.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::predict {
namespace {

using Names = std::vector<std::string>;

constexpr std::int64_t kPool = 4;

model::Classifier pets(const config::Config& config) {
    auto result = support::small_classifier(config, {"cat", "dog", "owl"});
    const std::vector<float> images = {5, 0, 7};  // nothing is known of dogs
    result.state.arrays.at("class/images") = io::Array::of(std::span<const float>(images), {3});
    return result;
}

void change(model::Classifier& classifier, const char* name, std::size_t place, float by) {
    io::Array& array = classifier.state.arrays.at(name);
    auto values = array.as_float();
    values.at(place) += by;
    array = io::Array::of(std::span<const float>(values), array.shape);
}

TEST(Drift, IsNoneOfWhatHasNotChanged) {
    const auto before = pets(support::small_dualprompt());
    const Drift drift = drift_between(before, before, kPool);
    EXPECT_EQ(drift.classes, 2) << "those of which something is known";
    EXPECT_EQ(drift.largest_logit, 0);
    EXPECT_EQ(drift.mean_logit, 0);
    EXPECT_EQ(drift.other_answer, 0);
    EXPECT_EQ(drift.other_prompts, 0);
    EXPECT_EQ(drift.prompts + drift.keys + drift.general, 0);
}

TEST(Drift, OfLogitsIsThatOfTheOldClassesOnTheMeanFeatures) {
    const auto before = pets(support::small_l2p());
    auto after = before;
    change(after, "head/bias", 2, 0.5F);  // one of three logits, of both classes
    const Drift drift = drift_between(before, after, kPool);
    EXPECT_NEAR(drift.largest_logit, 0.5, 1e-5);
    EXPECT_NEAR(drift.mean_logit, 0.5 / 3, 1e-5);
}

TEST(Drift, CountsTheClassesThatGetAnotherAnswer) {
    auto before = pets(support::small_l2p());
    change(before, "head/bias", 0, 100);  // all are cats
    auto after = before;
    change(after, "head/bias", 1, 1000);  // all are dogs
    EXPECT_EQ(drift_between(before, after, kPool).other_answer, 2);
}

TEST(Drift, OfThePoolIsRelativeToItsLength) {
    const auto before = pets(support::small_dualprompt());
    auto after = before;
    change(after, "prompt_pool/key", 0, 3);
    double squares = 0;
    for (const float value : before.state.arrays.at("prompt_pool/key").as_float())
        squares += std::pow(static_cast<double>(value), 2);
    const Drift drift = drift_between(before, after, kPool);
    EXPECT_NEAR(drift.keys, 3 / std::sqrt(squares), 1e-5);
    EXPECT_EQ(drift.prompts, 0);
}

TEST(Drift, LeavesOutThePromptsThatNoEarlierTaskLearnt) {
    const auto before = pets(support::small_dualprompt());
    auto after = before;
    const auto width = static_cast<std::size_t>(before.backbone.geometry.width);
    change(after, "prompt_pool/key", 3 * width, 3);
    EXPECT_EQ(drift_between(before, after, 3).keys, 0);
    EXPECT_GT(drift_between(before, after, 4).keys, 0);
}

TEST(Drift, CountsTheClassesWhoseMeanQueryChoosesOtherPrompts) {
    const auto before = pets(support::small_dualprompt());
    auto after = before;
    const auto width = static_cast<std::size_t>(before.backbone.geometry.width);
    auto keys = before.state.arrays.at("prompt_pool/key").as_float();
    std::swap_ranges(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(2 * width),
                     keys.begin() + static_cast<std::ptrdiff_t>(2 * width));
    io::Array& array = after.state.arrays.at("prompt_pool/key");
    array = io::Array::of(std::span<const float>(keys), array.shape);
    EXPECT_EQ(drift_between(before, after, kPool).other_prompts, 2)
        << "every prompt has the key of another";
}

}  // namespace
}  // namespace promptcl::predict
