// Methods by name, and the rules of a task.
#include "promptcl/config/load.h"
#include "promptcl/config/methods.h"
#include "promptcl/core/error.h"
#include "promptcl/method/method.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::method {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::SizeIs;
using Ids = std::vector<std::int64_t>;

config::Config named(const std::string& method) {
    if (method == "l2p") return support::tiny_l2p();
    if (method == "dualprompt") return support::tiny_dualprompt();
    config::Config config = config::method_defaults(method);
    config.images.input_size = support::kTinyImage;
    return config;
}

std::vector<std::string> parameters_of(const std::string& method) {
    std::vector<std::string> names;
    for (const auto& [name, _] :
         make_method(named(method), support::tiny_backbone(3), 4, Rng(1))->parameters())
        names.push_back(name);
    return names;
}

TEST(MakeMethod, MakesEveryMethodThatTheConfigurationOffers) {
    for (const std::string_view name : config::method_names())
        EXPECT_NE(make_method(named(std::string(name)), support::tiny_backbone(3), 4, Rng(1)),
                  nullptr)
            << name;
}

TEST(MakeMethod, GivesEachMethodTheTensorsItTrains) {
    EXPECT_THAT(parameters_of("l2p"),
                ElementsAre("prompt_pool/prompt", "prompt_pool/key", "head/kernel", "head/bias"));
    EXPECT_THAT(parameters_of("dualprompt"), ElementsAre("prompt_pool/prompt", "prompt_pool/key",
                                                         "prefix", "head/kernel", "head/bias"));
    EXPECT_THAT(parameters_of("ft_seq_frozen"), ElementsAre("head/kernel", "head/bias"));
    EXPECT_THAT(parameters_of("linear_probe"), ElementsAre("head/kernel", "head/bias"));
    EXPECT_THAT(parameters_of("ncm"), ElementsAre());
    for (const auto* whole : {"ft_seq", "joint", "ewc", "lwf", "er"}) {
        EXPECT_THAT(parameters_of(whole),
                    AllOf(SizeIs(2 + 4 + 3 * 12 + 2), Contains("head/bias"), Contains("cls"),
                          Contains("Transformer/encoderblock_0/LayerNorm_0/scale")))
            << whole;
    }
}

TEST(MakeMethod, NamesAMethodItDoesNotKnow) {
    config::Config config = support::tiny_l2p();
    config.method = "coda";
    EXPECT_THAT(
        message_of<UsageError>([&] { make_method(config, support::tiny_backbone(3), 4, Rng(1)); }),
        HasSubstr("coda"));
}

TEST(RulesOfTask, MaskTheOtherClassesInTraining) {
    config::Config config = support::tiny_l2p();
    EXPECT_THAT(rules_of_task(config, 1, {2, 3}).classes, Optional(ElementsAre(2, 3)));
    config.continual.train_mask = false;
    EXPECT_EQ(rules_of_task(config, 1, {2, 3}).classes, std::nullopt);
}

TEST(RulesOfTask, ForceTheTasksPromptsWhileThePoolHasThem) {
    config::Config config = support::tiny_l2p();  // 5 prompts, 2 a task
    EXPECT_EQ(rules_of_task(config, 0, {0}).prompt_mask, std::nullopt);
    config.prompt_pool_param.use_prompt_mask = true;
    EXPECT_THAT(rules_of_task(config, 0, {0}).prompt_mask, Optional(ElementsAre(0, 1)));
    EXPECT_THAT(rules_of_task(config, 1, {0}).prompt_mask, Optional(ElementsAre(2, 3)));
    EXPECT_EQ(rules_of_task(config, 2, {0}).prompt_mask, std::nullopt);
    config.use_e_prompt = false;
    EXPECT_EQ(rules_of_task(config, 0, {0}).prompt_mask, std::nullopt);
}

}  // namespace
}  // namespace promptcl::method
