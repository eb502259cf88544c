#include "promptcl/model/edit.h"

#include "promptcl/core/error.h"
#include "promptcl/model/arrays.h"

#include "tests/support/message_of.h"
#include "tests/support/small_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace promptcl::model {
namespace {

using support::small_classifier;
using support::small_dualprompt;
using support::small_l2p;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kNow = "2026-02-03T04:05:06Z";

const io::Array& array_of(const Classifier& classifier, const std::string& name) {
    return classifier.state.arrays.at(name);
}

TEST(Renaming, ChangesTheNameAlone) {
    const auto before = small_classifier(small_l2p(), {"cat", "dog"});
    const auto after = renamed(before, "dog", "hound", kNow);
    EXPECT_THAT(after.state.class_names, ElementsAre("cat", "hound"));
    EXPECT_EQ(after.state.arrays, before.state.arrays);
    EXPECT_EQ(after.history.back().action, "rename");
    EXPECT_EQ(after.history.back().when, kNow);
}

TEST(Renaming, RefusesAnUnknownClassANameThatIsTakenAndNone) {
    const auto classifier = small_classifier(small_l2p(), {"cat", "dog"});
    const auto refusal = [&](const std::string& from, const std::string& to) {
        return message_of<UsageError>([&] { renamed(classifier, from, to, kNow); });
    };
    EXPECT_THAT(refusal("cow", "x"), HasSubstr("no class \"cow\""));
    EXPECT_THAT(refusal("dog", "cat"), HasSubstr("\"cat\" already"));
    EXPECT_THAT(refusal("dog", ""), HasSubstr("needs a name"));
}

TEST(Removing, TakesTheColumnsAndMeansOfTheClassAndNothingElse) {
    const auto before = small_classifier(small_l2p(), {"cat", "dog", "owl"});
    const std::array<std::string, 1> gone = {"dog"};
    const auto after = removed(before, gone, kNow);
    EXPECT_THAT(after.state.class_names, ElementsAre("cat", "owl"));
    const std::array<std::int64_t, 2> left = {0, 2};
    EXPECT_EQ(array_of(after, "head/kernel"), slices(array_of(before, "head/kernel"), 1, left));
    EXPECT_EQ(array_of(after, "class/query"), slices(array_of(before, "class/query"), 0, left));
    EXPECT_EQ(array_of(after, "prompt_pool/prompt"), array_of(before, "prompt_pool/prompt"));
    require_sound(after, "after");
}

TEST(Removing, LeavesAtLeastOneClass) {
    const auto classifier = small_classifier(small_l2p(), {"cat"});
    const std::array<std::string, 1> all = {"cat"};
    EXPECT_THAT(message_of<UsageError>([&] { removed(classifier, all, kNow); }),
                HasSubstr("no class would be left"));
}

/// Two classifiers that were taught from one: the same G-prompt, the first two prompts the same.
struct Family {
    Classifier first = small_classifier(small_dualprompt(), {"cat", "dog"}, 1);
    Classifier second = small_classifier(small_dualprompt(), {"owl", "elk", "bee"}, 2);

    Family() {
        second.state.arrays["prefix"] = array_of(first, "prefix");
        share_two("prompt_pool/prompt", 2);
        share_two("prompt_pool/key", 0);
    }
    Classifier merge() const { return merged({first, "a.pcl"}, {second, "b.pcl"}, kNow); }

  private:
    void share_two(const std::string& name, std::size_t dimension) {
        const std::array<std::int64_t, 2> front = {0, 1}, back = {2, 3};
        io::Array& array = second.state.arrays[name];
        array = joined(slices(array_of(first, name), dimension, front),
                       slices(array, dimension, back), dimension);
    }
};

TEST(Merging, PutsTheClassesOfTheSecondBehindThoseOfTheFirst) {
    const Family family;
    const auto both = family.merge();
    EXPECT_THAT(both.state.class_names, ElementsAre("cat", "dog", "owl", "elk", "bee"));
    EXPECT_EQ(array_of(both, "head/kernel"), joined(array_of(family.first, "head/kernel"),
                                                    array_of(family.second, "head/kernel"), 1));
    require_sound(both, "both");
}

TEST(Merging, KeepsAPromptThatBothHaveOnce) {
    const Family family;
    const auto both = family.merge();
    EXPECT_EQ(both.state.config.prompt_pool_param.pool_size, 4 + 2);
    const std::array<std::int64_t, 2> own = {2, 3};
    EXPECT_EQ(array_of(both, "prompt_pool/key"),
              joined(array_of(family.first, "prompt_pool/key"),
                     slices(array_of(family.second, "prompt_pool/key"), 0, own), 0));
}

TEST(Merging, RejectsNoMoreKnownImagesThanEitherDid) {
    Family family;
    family.first.state.calibration = {
        .temperature = 1,
        .images = 10,
        .thresholds = {{0.05, {.key = 0.3, .class_mean = 0.1}, 0.04}}};
    family.second.state.calibration = {
        .temperature = 2,
        .images = 30,
        .thresholds = {{0.05, {.key = 0.2, .class_mean = 0.4}, 0.06}}};
    const Calibration both = family.merge().state.calibration;
    EXPECT_DOUBLE_EQ(both.temperature, (10 * 1.0 + 30 * 2.0) / 40);
    ASSERT_EQ(both.thresholds.size(), 1U);
    EXPECT_DOUBLE_EQ(both.thresholds[0].least.key, 0.2);
    EXPECT_DOUBLE_EQ(both.thresholds[0].least.class_mean, 0.1);
    EXPECT_DOUBLE_EQ(both.thresholds[0].measured, 0.06);
}

TEST(Merging, RefusesWhatCannotAnswerAsOne) {
    const auto refusal = [](const Family& family) {
        return message_of<UsageError>([&] { family.merge(); });
    };
    Family other_vit;
    other_vit.second.backbone.sha256 = "another";
    EXPECT_THAT(refusal(other_vit), HasSubstr("different backbones"));
    Family other_key;
    other_key.second.state.config.gelu = "erf";
    EXPECT_THAT(refusal(other_key), HasSubstr("gelu is \"tanh\" there, \"erf\" here"));
    Family other_prefix;
    other_prefix.second.state.arrays["prefix"] =
        small_classifier(small_dualprompt(), {"owl", "elk", "bee"}, 9).state.arrays["prefix"];
    EXPECT_THAT(refusal(other_prefix), HasSubstr("G-prompts differ"));
    Family common;
    common.second.state.class_names[1] = "cat";
    EXPECT_THAT(refusal(common), HasSubstr("both know the class \"cat\""));
}

TEST(Differences, NameWhatDiffersAndByHowMuch) {
    const auto left = small_classifier(small_l2p(), {"cat", "dog"});
    auto right = renamed(left, "dog", "hound", kNow);
    std::vector<float> bias = array_of(right, "head/bias").as_float();
    bias[1] += 0.25F;
    right.state.arrays["head/bias"] = io::Array::of(std::span<const float>(bias), {2});
    std::vector<std::string> lines;
    for (const auto& [what, a, b] : differences(left, right))
        lines.push_back(what + ": " + a + ", " + b);
    EXPECT_THAT(lines, ElementsAre("class: dog, -", "class: -, hound",
                                   "array head/bias: [2], differs by up to 0.25", "steps: 1, 2"));
}

TEST(Differences, OfEqualClassifiersAreNone) {
    const auto classifier = small_classifier(small_dualprompt(), {"cat", "dog"});
    EXPECT_TRUE(differences(classifier, classifier).empty());
}

}  // namespace
}  // namespace promptcl::model
