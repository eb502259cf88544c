// The learnt prompts: their shapes, what is put into the ViT, and what passes from task to task.
#include "promptcl/prompt/prompts.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace promptcl::prompt {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Shapes = std::map<std::string, std::vector<std::int64_t>>;

Prompts prompts_of(const config::Config& config) {
    return {config, support::tiny_geometry(), Rng(7)};
}

Shapes shapes_of(const Prompts& prompts) {
    Shapes shapes;
    for (const auto& [name, value] : prompts.parameters())
        shapes[name] = value.sizes().vec();
    return shapes;
}

Tensor parameter(const Prompts& prompts, const std::string& name) {
    for (const auto& [other, value] : prompts.parameters()) {
        if (other == name) return value;
    }
    ADD_FAILURE() << "no parameter " << name;
    return {};
}

/// Numbers each row of a parameter by its position, so that a row tells where it comes from.
void number(const Tensor& parameter) {
    const at::NoGradGuard no_grad;
    parameter.copy_(at::arange(parameter.numel()).reshape(parameter.sizes()));
}

Tensor index_of(std::vector<std::int64_t> ids, std::int64_t top_k) {
    return tensor::from_ints(ids).reshape({-1, top_k});
}

TEST(Prompts, HaveTheNamesAndShapesOfPromptTuning) {
    config::Config config = support::tiny_l2p();
    config.e_prompt_layer_idx = {0, 2};
    EXPECT_EQ(shapes_of(prompts_of(config)),
              (Shapes{{"prompt_pool/prompt", {2, 5, 2, 8}}, {"prompt_pool/key", {5, 8}}}));
}

TEST(Prompts, HaveTheNamesAndShapesOfPrefixTuning) {
    EXPECT_EQ(shapes_of(prompts_of(support::tiny_dualprompt())),
              (Shapes{{"prompt_pool/prompt", {2, 2, 5, 2, 2, 4}},
                      {"prompt_pool/key", {5, 8}},
                      {"prefix", {3, 2, 2, 2, 4}}}));
}

TEST(Prompts, HaveTheShapeOfGeneralPromptsAsTokens) {
    config::Config config = support::tiny_dualprompt();
    config.use_e_prompt = false;
    config.use_prefix_tune_for_g_prompt = false;
    EXPECT_EQ(shapes_of(prompts_of(config)), (Shapes{{"prefix", {3, 2, 8}}}));
}

TEST(Prompts, HaveNoKeysOfTheirOwnWithoutPromptKey) {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.prompt_key = false;
    EXPECT_EQ(shapes_of(prompts_of(config)), (Shapes{{"prompt_pool/prompt", {1, 5, 2, 8}}}));
}

TEST(Prompts, StartUniformlyBetweenZeroAndAHundredth) {
    config::Config config = support::tiny_dualprompt();
    config.prompt_pool_param.pool_size = 200;
    for (const auto& [name, value] : prompts_of(config).parameters()) {
        EXPECT_GE(value.min().item<double>(), 0.0) << name;
        EXPECT_LT(value.max().item<double>(), 0.01) << name;
        EXPECT_TRUE(value.requires_grad()) << name;
        if (value.numel() < 1000) continue;
        EXPECT_NEAR(value.mean().item<double>(), 0.005, 0.0005) << name;
        EXPECT_LT(value.min().item<double>(), 0.0005) << name;
        EXPECT_GT(value.max().item<double>(), 0.0095) << name;
    }
}

TEST(Prompts, StartAsFarFromZeroAsInitRangeSays) {
    config::Config config = support::tiny_dualprompt();
    config.prompt_pool_param.pool_size = 200;
    config.prompt_pool_param.init_range = 1.0;  // l2p-pytorch: U[0, 1)
    for (const auto& [name, value] : prompts_of(config).parameters()) {
        EXPECT_GE(value.min().item<double>(), 0.0) << name;
        EXPECT_LT(value.max().item<double>(), 1.0) << name;
        EXPECT_GT(value.max().item<double>(), 0.5) << name;
    }
}

TEST(Prompts, StartOnBothSidesOfZeroWhenAskedTo) {
    config::Config config = support::tiny_dualprompt();
    config.prompt_pool_param.pool_size = 200;
    config.prompt_pool_param.init_range = 0.5;
    config.prompt_pool_param.initializer = "symmetric";
    config.prompt_pool_param.prompt_key_init = "symmetric";
    config.g_prompt_initializer = "symmetric";
    for (const auto& [name, value] : prompts_of(config).parameters()) {
        EXPECT_GE(value.min().item<double>(), -0.5) << name;
        EXPECT_LT(value.min().item<double>(), -0.25) << name;
        EXPECT_LT(value.max().item<double>(), 0.5) << name;
        EXPECT_GT(value.max().item<double>(), 0.25) << name;
    }
}

TEST(Prompts, StartWithZeroKeysWhenAskedTo) {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.prompt_key_init = "zero";
    const Prompts prompts = prompts_of(config);
    EXPECT_EQ(parameter(prompts, "prompt_pool/key").abs().max().item<double>(), 0.0);
    EXPECT_GT(parameter(prompts, "prompt_pool/prompt").min().item<double>(), 0.0);
}

TEST(Prompts, AreTheSameForTheSameSeedAndOthersForAnother) {
    const config::Config config = support::tiny_dualprompt();
    const Prompts a = prompts_of(config), b = prompts_of(config);
    const Prompts other(config, support::tiny_geometry(), Rng(8));
    for (const auto& [name, value] : a.parameters()) {
        EXPECT_TRUE(at::equal(value, parameter(b, name))) << name;
        EXPECT_FALSE(at::equal(value, parameter(other, name))) << name;
    }
}

TEST(Prompts, RefuseLayersThatTheBackboneDoesNotHave) {
    config::Config config = support::tiny_dualprompt();
    config.e_prompt_layer_idx = {1, 3};
    EXPECT_THAT(message_of<UsageError>([&] { prompts_of(config); }),
                AllOf(HasSubstr("e_prompt_layer_idx"), HasSubstr("3"), HasSubstr("0 to 2")));
    config = support::tiny_dualprompt();
    config.g_prompt_layer_idx = {7};
    EXPECT_THAT(message_of<UsageError>([&] { prompts_of(config); }),
                AllOf(HasSubstr("g_prompt_layer_idx"), HasSubstr("7")));
}

TEST(Prompts, StayWithTheImageThatChoseThemAsTokens) {
    config::Config config = support::tiny_l2p();
    config.e_prompt_layer_idx = {0, 2};
    const Prompts prompts = prompts_of(config);
    number(parameter(prompts, "prompt_pool/prompt"));
    const auto injection = prompts.injection(index_of({3, 1, 0, 4, 2, 2}, 2), 3);
    ASSERT_EQ(injection.prepend.size(), 2U);
    EXPECT_TRUE(injection.prefix.empty());
    // Row t of prompt m at the i-th layer starts with ((i*5 + m)*2 + t) * 8.
    const auto first = [&](std::int64_t layer, std::int64_t image) {
        return tensor::to_ints(injection.prepend.at(layer)[image].select(1, 0) / 8);
    };
    EXPECT_THAT(injection.prepend.at(0).sizes().vec(), ElementsAre(3, 4, 8));
    EXPECT_THAT(first(0, 0), ElementsAre(6, 7, 2, 3));
    EXPECT_THAT(first(0, 1), ElementsAre(0, 1, 8, 9));
    EXPECT_THAT(first(0, 2), ElementsAre(4, 5, 4, 5));
    EXPECT_THAT(first(2, 0), ElementsAre(16, 17, 12, 13));
}

TEST(Prompts, NeverMixImagesNorKeysAndValuesAsPrefixes) {
    config::Config config = support::tiny_dualprompt();
    config.use_g_prompt = false;
    config.prompt_pool_param.top_k = 2;
    const Prompts prompts = prompts_of(config);
    number(parameter(prompts, "prompt_pool/prompt"));
    const auto injection = prompts.injection(index_of({3, 1, 0, 4, 2, 3}, 2), 3);
    ASSERT_EQ(injection.prefix.size(), 2U);
    EXPECT_TRUE(injection.prepend.empty());
    // Row t of half h (0 key, 1 value) of prompt m at the i-th layer starts with
    // (((i*2 + h)*5 + m)*2 + t) * 8.
    const auto first = [](const Tensor& rows, std::int64_t image) {
        return tensor::to_ints(rows[image].flatten(1).select(1, 0) / 8);
    };
    const auto& one = injection.prefix.at(1);
    EXPECT_THAT(one.key.sizes().vec(), ElementsAre(3, 4, 2, 4));
    EXPECT_THAT(first(one.key, 0), ElementsAre(6, 7, 2, 3));
    EXPECT_THAT(first(one.value, 0), ElementsAre(16, 17, 12, 13));
    EXPECT_THAT(first(one.key, 1), ElementsAre(0, 1, 8, 9));
    EXPECT_THAT(first(one.value, 1), ElementsAre(10, 11, 18, 19));
    EXPECT_THAT(first(one.key, 2), ElementsAre(4, 5, 6, 7));
    EXPECT_THAT(first(injection.prefix.at(2).key, 2), ElementsAre(24, 25, 26, 27));
    EXPECT_THAT(first(injection.prefix.at(2).value, 2), ElementsAre(34, 35, 36, 37));
}

TEST(Prompts, PutTheGeneralPromptBeforeTheChosenOne) {
    config::Config config = support::tiny_dualprompt();
    config.g_prompt_layer_idx = {1};
    config.e_prompt_layer_idx = {1};
    for (const bool prefix : {true, false}) {
        config.use_prefix_tune_for_e_prompt = prefix;
        config.use_prefix_tune_for_g_prompt = prefix;
        const Prompts prompts = prompts_of(config);
        {
            const at::NoGradGuard no_grad;
            parameter(prompts, "prompt_pool/prompt").fill_(1);
            parameter(prompts, "prefix").fill_(2);
        }
        const auto injection = prompts.injection(index_of({4, 0}, 1), 2);
        const Tensor rows = prefix ? injection.prefix.at(1).key : injection.prepend.at(1);
        for (std::int64_t image = 0; image < 2; ++image) {
            EXPECT_THAT(tensor::to_ints(rows[image].flatten(1).select(1, 0)),
                        ElementsAre(2, 2, 1, 1));
        }
    }
}

TEST(Prompts, GiveEveryImageTheGeneralPromptOfTheLayersNamed) {
    config::Config config = support::tiny_dualprompt();
    config.use_e_prompt = false;
    config.g_prompt_layer_idx = {0, 2};
    const Prompts prompts = prompts_of(config);
    const Tensor prefix = parameter(prompts, "prefix");
    const auto injection = prompts.injection({}, 3);
    ASSERT_EQ(injection.prefix.size(), 2U);
    for (const std::int64_t layer : {0, 2}) {
        for (std::int64_t image = 0; image < 3; ++image) {
            EXPECT_TRUE(at::equal(injection.prefix.at(layer).key[image], prefix[layer][0]));
            EXPECT_TRUE(at::equal(injection.prefix.at(layer).value[image], prefix[layer][1]));
        }
    }
}

TEST(Prompts, AreTheirOwnKeysWithoutPromptKey) {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.prompt_key = false;
    config.e_prompt_layer_idx = {0, 1};
    const Prompts tokens = prompts_of(config);
    const Tensor pool = parameter(tokens, "prompt_pool/prompt");  // [2, 5, 2, 8]
    const Tensor mean = (pool[0][3][0] + pool[0][3][1] + pool[1][3][0] + pool[1][3][1]) / 4;
    EXPECT_TRUE(at::allclose(tokens.keys()[3], mean));

    config.use_prefix_tune_for_e_prompt = true;
    config.e_prompt_layer_idx = {1};
    const Prompts prefixes = prompts_of(config);
    const Tensor both = parameter(prefixes, "prompt_pool/prompt");  // [1, 2, 5, 2, 2, 4]
    const Tensor rows =
        (both[0][0][3][0] + both[0][0][3][1] + both[0][1][3][0] + both[0][1][3][1]) / 4;
    EXPECT_TRUE(at::allclose(prefixes.keys()[3], rows.flatten()));
}

/// The pool's slots after the transfer to `task`, as the number of the slot each came from.
std::vector<std::int64_t> slots_after(config::Config config, std::int64_t task,
                                      const std::string& name) {
    Prompts prompts = prompts_of(config);
    const bool keys = name == "prompt_pool/key";
    const std::int64_t dimension = keys ? 0 : config.use_prefix_tune_for_e_prompt ? 2 : 1;
    const Tensor slots = parameter(prompts, name);
    {
        const at::NoGradGuard no_grad;
        for (std::int64_t m = 0; m < slots.size(dimension); ++m)
            slots.select(dimension, m).fill_(m);
    }
    prompts.start_from_previous(task);
    const Tensor rows = slots.movedim(dimension, 0).flatten(1);
    EXPECT_TRUE(at::equal(std::get<0>(rows.min(1)), std::get<0>(rows.max(1))));
    return tensor::to_ints(rows.select(1, 0));
}

TEST(Transfer, CopiesThePromptsOfThePreviousTaskToTheSlotsOfThisOne) {
    for (config::Config config : {support::tiny_l2p(), support::tiny_dualprompt()}) {
        config.prompt_pool_param.pool_size = 6;
        config.prompt_pool_param.top_k = 2;
        config.prompt_pool_param.shared_prompt_pool = true;
        const std::string pool = "prompt_pool/prompt";
        EXPECT_THAT(slots_after(config, 0, pool), ElementsAre(0, 1, 2, 3, 4, 5));
        EXPECT_THAT(slots_after(config, 1, pool), ElementsAre(0, 1, 0, 1, 4, 5));
        EXPECT_THAT(slots_after(config, 2, pool), ElementsAre(0, 1, 2, 3, 2, 3));
        EXPECT_THAT(slots_after(config, 3, pool), ElementsAre(0, 1, 2, 3, 4, 5));
        EXPECT_THAT(slots_after(config, 1, "prompt_pool/key"), ElementsAre(0, 1, 2, 3, 4, 5));
    }
}

TEST(Transfer, StopsWhereTheNextSlotsLeaveThePool) {
    config::Config config = support::tiny_l2p();  // 5 prompts, 2 a task: slots 4 and 5 do not both
    config.prompt_pool_param.shared_prompt_pool = true;
    EXPECT_THAT(slots_after(config, 2, "prompt_pool/prompt"), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Transfer, CopiesTheKeysWhenAskedTo) {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.shared_prompt_key = true;
    EXPECT_THAT(slots_after(config, 1, "prompt_pool/key"), ElementsAre(0, 1, 0, 1, 4));
    EXPECT_THAT(slots_after(config, 1, "prompt_pool/prompt"), ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(slots_after(config, 2, "prompt_pool/key"), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Transfer, DoesNothingUnlessAskedTo) {
    EXPECT_THAT(slots_after(support::tiny_l2p(), 1, "prompt_pool/prompt"),
                ElementsAre(0, 1, 2, 3, 4));
}

}  // namespace
}  // namespace promptcl::prompt
