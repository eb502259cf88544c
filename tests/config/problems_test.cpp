#include "promptcl/config/config.h"
#include "promptcl/config/load.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace promptcl::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A configuration without problems, changed by KEY=VALUE.
std::vector<std::string> problems(std::vector<std::string> changes,
                                  const std::string& method = "l2p") {
    std::vector<Override> overrides = {
        {"method", method}, {"init_checkpoint", "x.npz"}, {"data_dir", "x"}};
    for (const auto& change : changes)
        overrides.push_back(parse_override(change));
    return make_config(overrides).problems();
}

struct Rule {
    std::string name;
    std::vector<std::string> changes;
    std::string key;  // that the sentence must name
};

class Problems : public ::testing::TestWithParam<Rule> {};

TEST_P(Problems, AreOneSentenceThatNamesTheKey) {
    const auto found = problems(GetParam().changes);
    ASSERT_EQ(found.size(), 1U) << ::testing::PrintToString(found);
    EXPECT_THAT(found.front(), HasSubstr(GetParam().key));
    EXPECT_THAT(found.front(), HasSubstr("; "));
}

const std::vector<Rule> kRules = {
    {"NoCheckpoint", {"init_checkpoint="}, "init_checkpoint"},
    {"NoData", {"data_dir="}, "data_dir"},
    {"EwcWeight", {"ewc.lambda=-1"}, "ewc.lambda"},
    {"LwfTemperature", {"lwf.temperature=0"}, "lwf.temperature"},
    {"PrecisionOfCpus", {"precision=bf16"}, "precision"},
    {"EngineOfGpus", {"device=cuda", "engine=native"}, "engine"},
    {"InputSize", {"input_size=300"}, "resize_size"},
    {"HugeImage", {"input_size=20000", "resize_size=20000"}, "give at most 10000 pixels"},
    {"InputSizeZero", {"input_size=0"}, "input_size"},
    {"SubsampleZero", {"subsample_rate=0"}, "subsample_rate"},
    {"SubsampleAll", {"subsample_rate=101"}, "subsample_rate"},
    {"Tasks", {"continual.num_tasks=0"}, "continual.num_tasks"},
    {"Classes", {"continual.num_classes_per_task=0"}, "continual.num_classes_per_task"},
    {"RandSeed", {"continual.rand_seed=-2"}, "continual.rand_seed"},
    {"EvalEveryTasks", {"continual.eval_every_tasks=0"}, "continual.eval_every_tasks"},
    {"StepsPerTask", {"continual.num_train_steps_per_task=0"}, "num_train_steps_per_task"},
    {"JitterBeyondItsFactors", {"colorjitter.colorjitter_strength=1.3"}, "colorjitter_strength"},
    {"MixUnderATrainMask", {"mix.mixup_alpha=0.8"}, "continual.train_mask"},
    {"MixWithReplay",
     {"mix.cutmix_alpha=1", "continual.train_mask=false",
      "continual.replay.num_samples_per_class=2"},
     "continual.replay.num_samples_per_class"},
    {"MixOfUnaugmentedQueries",
     {"mix.mixup_alpha=1", "continual.train_mask=false", "query_augmentation=false"},
     "query_augmentation"},
    {"Replay",
     {"continual.replay.num_samples_per_class=-1"},
     "continual.replay.num_samples_per_class"},
    {"ReviewWithoutBuffer", {"continual.review_trick=true"}, "continual.review_trick"},
    {"MaskedReplay", {"continual.replay.num_samples_per_class=2"}, "continual.train_mask"},
    {"ReverseMaskAlone", {"continual.replay_reverse_mask=true"}, "continual.replay_no_mask"},
    {"ReverseMaskOverNewImages",
     {"continual.replay.num_samples_per_class=2", "continual.replay_no_mask=true",
      "continual.replay_reverse_mask=true", "continual.replay.include_new_task=true"},
     "continual.replay.include_new_task"},
    {"PromptMaskWithoutTasks",
     {"gaussian_schedule=true", "prompt_pool_param.use_prompt_mask=true"},
     "gaussian_schedule"},
    {"Synthetic", {"synthetic.train_per_class=0"}, "synthetic.train_per_class"},
    {"Batch", {"per_device_batch_size=0"}, "per_device_batch_size"},
    {"Devices", {"num_devices=0"}, "num_devices"},
    {"Momentum", {"sgd_momentum=1"}, "sgd_momentum"},
    {"Rate", {"learning_rate=-1"}, "learning_rate"},
    {"RateNotFinite", {"learning_rate=inf"}, "learning_rate"},
    {"Decay", {"weight_decay=-1"}, "weight_decay"},
    {"Warmup", {"warmup_epochs=5"}, "warmup_epochs"},
    {"WarmupNegative", {"warmup_epochs=-1"}, "warmup_epochs"},
    {"Temperature", {"temperature=0"}, "temperature"},
    {"Seed", {"seed=-1"}, "seed"},
    {"Threads", {"num_threads=-1"}, "num_threads"},
    {"Workers", {"num_workers=0"}, "num_workers"},
    {"TopK", {"prompt_pool_param.top_k=11"}, "prompt_pool_param.pool_size"},
    {"TopKZero", {"prompt_pool_param.top_k=0"}, "prompt_pool_param.top_k"},
    {"Length", {"prompt_pool_param.length=0"}, "prompt_pool_param.length"},
    {"NoLayer", {"e_prompt_layer_idx=[]"}, "e_prompt_layer_idx"},
    {"LayerTwice", {"e_prompt_layer_idx=[1,1]"}, "e_prompt_layer_idx"},
    {"LayerNegative", {"e_prompt_layer_idx=[-1]"}, "e_prompt_layer_idx"},
    {"NoPromptTokens", {"use_prefix_tune_for_e_prompt=true"}, "vit_classifier"},
    {"NoPrompts", {"use_e_prompt=false"}, "vit_classifier"},
    {"MaskWithoutPool",
     {"use_e_prompt=false", "vit_classifier=token", "prompt_pool_param.use_prompt_mask=true"},
     "prompt_pool_param.use_prompt_mask"},
    {"SharedWithoutPool",
     {"use_e_prompt=false", "vit_classifier=token", "prompt_pool_param.shared_prompt_pool=true"},
     "prompt_pool_param.shared_prompt_pool"},
};
INSTANTIATE_TEST_SUITE_P(Of, Problems, ::testing::ValuesIn(kRules),
                         [](const auto& rule) { return rule.param.name; });

TEST(Problems, AreNoneInTheDefaultsOfEveryMethod) {
    for (const auto* method : {"l2p", "dualprompt", "ft_seq_frozen", "ncm"}) {
        EXPECT_THAT(problems({}, method), IsEmpty()) << method;
    }
}

TEST(Problems, AreNoneInWhatTheRulesPermit) {
    EXPECT_THAT(problems({"dataset=synthetic", "data_dir="}), IsEmpty());
    EXPECT_THAT(problems({"input_size=32", "resize_size=16"}), IsEmpty());
    EXPECT_THAT(problems({"use_g_prompt=true", "use_prefix_tune_for_g_prompt=false",
                          "use_e_prompt=false", "vit_classifier=token+prompt"}),
                IsEmpty());
    EXPECT_THAT(problems({"device=cuda", "precision=bf16"}), IsEmpty());
    EXPECT_THAT(problems({"subsample_rate=100", "learning_rate=0", "warmup_epochs=4.5"}),
                IsEmpty());
    EXPECT_THAT(problems({"use_g_prompt=false", "g_prompt_layer_idx=[]"}), IsEmpty());
}

TEST(Problems, OfABaselineAreItsPrompts) {
    const auto found = problems({"use_g_prompt=true"}, "ncm");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found.front(), HasSubstr("use_g_prompt = false"));
}

TEST(Problems, AreFoundInAConfigurationThatCodeMade) {
    Config config;
    config.init_checkpoint = config.data_dir = "x";
    config.optim = "adamm";
    config.temperature = std::numeric_limits<double>::infinity();
    EXPECT_EQ(config.problems().size(), 2U);
}

TEST(RequireValid, ListsEveryProblemAtOnce) {
    const std::string message = message_of<UsageError>([] { require_valid(Config()); });
    EXPECT_THAT(message, AllOf(HasSubstr("2 problems"), HasSubstr("init_checkpoint is empty"),
                               HasSubstr("data_dir is empty")));
}

TEST(RequireValid, PassesAValidConfiguration) {
    Config config;
    config.init_checkpoint = config.data_dir = "x";
    EXPECT_NO_THROW(require_valid(config));
}

}  // namespace
}  // namespace promptcl::config
