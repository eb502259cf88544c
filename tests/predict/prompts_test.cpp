#include "promptcl/predict/prompts.h"

#include "tests/support/small_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace promptcl::predict {
namespace {

using testing::ElementsAre;

/// L2P whose keys are directions of the first coordinates of 8.
model::Classifier with_keys(const std::vector<std::vector<float>>& first) {
    auto classifier = support::small_classifier(support::small_l2p(), {"cat"});
    std::vector<float> keys;
    for (const auto& key : first) {
        keys.insert(keys.end(), key.begin(), key.end());
        keys.resize(keys.size() + 8 - key.size());
    }
    classifier.state.arrays["prompt_pool/key"] =
        io::Array::of(std::span<const float>(keys), {std::ssize(first), 8});
    return classifier;
}

std::vector<float> query(float x, float y) {
    return {x, y, 0, 0, 0, 0, 0, 0};
}

TEST(Choosing, TakesTheNearestDirectionsWhateverTheirLengthsBestFirst) {
    const Prompts prompts(with_keys({{-1, 0}, {100, 100}, {0.01F, 0}, {0, 1}}));
    const Choice choice = prompts.choose(query(3, 1));
    EXPECT_THAT(choice.ids, ElementsAre(2, 1));  // cosines 3 / sqrt 10 and 4 / sqrt 20
    EXPECT_NEAR(choice.similarity, (3 / std::sqrt(10.0) + 4 / std::sqrt(20.0)) / 2, 1e-6);
}

TEST(Choosing, GivesTiesToTheLowerId) {
    const Prompts prompts(with_keys({{0, 1}, {1, 0}, {2, 0}, {1, 0}}));
    EXPECT_THAT(prompts.choose(query(1, 0)).ids, ElementsAre(1, 2));
}

TEST(Choosing, WithoutAPoolFindsNothingAndIsSure) {
    auto config = support::small_dualprompt();
    config.use_e_prompt = false;
    const Prompts prompts(support::small_classifier(config, {"cat"}));
    EXPECT_TRUE(prompts.choose(query(1, 0)).ids.empty());
    EXPECT_EQ(prompts.choose(query(1, 0)).similarity, 1);
}

TEST(PromptInjection, KeepsTheChosenPromptsOfAnImageWithThatImage) {
    const auto classifier = support::small_classifier(support::small_l2p(), {"cat"});
    const auto pool = classifier.state.arrays.at("prompt_pool/prompt").as_float();  // [1, 4, 2, 8]
    const std::vector<Choice> choices = {{.ids = {3, 0}}, {.ids = {1, 2}}};
    const auto injection = Prompts(classifier).injection(choices);
    ASSERT_EQ(injection.plain.prepends.size(), 1U);
    EXPECT_EQ(injection.plain.prepends[0].rows, 2 * 2);
    std::vector<float> expected;
    for (const int id : {3, 0, 1, 2})
        expected.insert(expected.end(), pool.begin() + id * 16, pool.begin() + (id + 1) * 16);
    EXPECT_EQ(injection.held.at(0), expected);
}

TEST(PromptInjection, PutsTheGPromptFirstWhereABlockHasBoth) {
    auto config = support::small_dualprompt();
    config.g_prompt_layer_idx = {1};
    config.e_prompt_layer_idx = {1};
    const auto classifier = support::small_classifier(config, {"cat"});
    const auto pool =
        classifier.state.arrays.at("prompt_pool/prompt").as_float();       // [1, 2, 4, 2, 8]
    const auto general = classifier.state.arrays.at("prefix").as_float();  // [3, 2, 2, 8]
    const std::vector<Choice> choices = {{.ids = {2}}};
    const auto injection = Prompts(classifier).injection(choices);
    ASSERT_EQ(injection.plain.prefixes.size(), 1U);
    EXPECT_EQ(injection.plain.prefixes[0].rows, 2 + 2);
    std::vector<float> value(general.begin() + 3 * 16, general.begin() + 4 * 16);
    value.insert(value.end(), pool.begin() + (4 + 2) * 16, pool.begin() + (4 + 3) * 16);
    EXPECT_EQ(injection.held.at(1), value);  // behind the keys
}

}  // namespace
}  // namespace promptcl::predict
