#include "promptcl/predict/head.h"

#include "tests/support/small_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace promptcl::predict {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

io::Array floats(const std::vector<float>& values, const io::Shape& shape) {
    return io::Array::of(std::span<const float>(values), shape);
}

/// Rows of 8 numbers that begin with these.
std::vector<float> padded(const std::vector<std::vector<float>>& rows) {
    std::vector<float> all;
    for (const auto& row : rows) {
        all.insert(all.end(), row.begin(), row.end());
        all.resize(all.size() + 8 - row.size());
    }
    return all;
}

model::Classifier linear(double temperature, bool normalize) {
    auto config = support::small_l2p();
    config.temperature = temperature;
    config.norm_pre_logits = normalize;
    auto classifier = support::small_classifier(config, {"cat", "dog"});
    std::vector<float> kernel(16);
    kernel[0] = 1;  // of coordinate 0: 1 for cat
    kernel[3] = 2;  // of coordinate 1: 2 for dog
    classifier.state.arrays["head/kernel"] = floats(kernel, {8, 2});
    classifier.state.arrays["head/bias"] = floats({10, 20}, {2});
    return classifier;
}

TEST(Head, IsLinearOverTheTemperature) {
    const auto input = padded({{3, 4}});
    EXPECT_THAT(Head(linear(1, false)).logits(input), ElementsAre(10 + 3, 20 + 8));
    EXPECT_THAT(Head(linear(2, false)).logits(input), ElementsAre(6.5F, 14.0F));
}

TEST(Head, LooksAtTheDirectionAloneWithNormPreLogits) {
    EXPECT_THAT(Head(linear(1, true)).logits(padded({{3, 4}})),
                ElementsAre(FloatNear(10.6F, 1e-5F), FloatNear(21.6F, 1e-5F)));
}

TEST(Head, OfNcmIsTheCosineWithEachMeanAndMinusOneWithoutImages) {
    auto config = support::small_l2p();
    config.method = "ncm";
    auto classifier = support::small_classifier(config, {"cat", "dog", "owl"});
    classifier.state.arrays["ncm/sum"] = floats(padded({{5, 0}, {7, 7}, {9, 0}}), {3, 8});
    classifier.state.arrays["ncm/count"] = floats({2, 3, 0}, {3});
    EXPECT_THAT(
        Head(classifier).logits(padded({{2, 0}})),
        ElementsAre(FloatNear(1, 1e-6F), FloatNear(std::sqrt(0.5F), 1e-6F), FloatNear(-1, 0)));
}

TEST(ClassMeans, FindTheNearestOfTheClassesThatHaveImages) {
    auto classifier = support::small_classifier(support::small_l2p(), {"cat", "dog"});
    classifier.state.arrays["class/query"] = floats(padded({{1, 0}, {0, 1}}), {2, 8});
    classifier.state.arrays["class/images"] = floats({4, 4}, {2});
    EXPECT_NEAR(ClassMeans(classifier).nearest(padded({{3, 4}})), 0.8, 1e-6);
    classifier.state.arrays["class/images"] = floats({4, 0}, {2});
    EXPECT_NEAR(ClassMeans(classifier).nearest(padded({{3, 4}})), 0.6, 1e-6);
    classifier.state.arrays["class/images"] = floats({0, 0}, {2});
    EXPECT_EQ(ClassMeans(classifier).nearest(padded({{3, 4}})), 1);
}

}  // namespace
}  // namespace promptcl::predict
