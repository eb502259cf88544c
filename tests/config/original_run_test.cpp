// A Python configuration of the original is run as the original runs it; every key of the original
// is one here or is known to do nothing.
#include "promptcl/config/assign.h"
#include "promptcl/config/load.h"
#include "promptcl/config/original_keys.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace promptcl::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Every key that the original's files set or its code reads of them, by reading both.
constexpr std::array<std::string_view, 112> kKeysOfTheOriginal = {
    "model_name",
    "per_device_batch_size",
    "dataset",
    "dataset_list",
    "split_core50",
    "imr_eval",
    "gaussian_schedule",
    "gaussian_mode",
    "offline_eval",
    "recreate_eval",
    "reinit_optimizer",
    "eval_last_only",
    "save_last_ckpt_only",
    "learning_rate",
    "optim",
    "optim_wd_ignore",
    "sgd_momentum",
    "grad_clip_max_norm",
    "learning_rate_schedule",
    "min_learning_rate",
    "warmup_epochs",
    "weight_decay",
    "num_epochs",
    "num_eval_steps",
    "eval_pad_last_batch",
    "log_loss_every_steps",
    "eval_every_steps",
    "eval_per_epochs",
    "checkpoint_every_steps",
    "shuffle_buffer_size",
    "log_model_profile",
    "no_train",
    "review_last_only",
    "seed",
    "trial",
    "input_size",
    "resize_size",
    "model_config",
    "init_checkpoint",
    "norm_01",
    "reverse_task",
    "subsample_rate",
    "continual.num_tasks",
    "continual.num_classes_per_task",
    "continual.rand_seed",
    "continual.num_train_steps_per_task",
    "continual.train_mask",
    "continual.eval_task_inc",
    "continual.weights_transfer",
    "continual.kernel_only",
    "continual.review_trick",
    "continual.num_review_epochs",
    "continual.num_review_steps",
    "continual.replay.num_samples_per_class",
    "continual.replay.num_samples_per_task",
    "continual.replay.include_new_task",
    "continual.replay_no_mask",
    "continual.replay_reverse_mask",
    "norm_pre_logits",
    "weight_norm",
    "temperature",
    "use_cls_token",
    "task_specific_cls_token",
    "vit_classifier",
    "representation_size",
    "reweight_prompt",
    "use_g_prompt",
    "g_prompt_length",
    "g_prompt_layer_idx",
    "use_prefix_tune_for_g_prompt",
    "same_key_value_for_shared",
    "use_e_prompt",
    "e_prompt_layer_idx",
    "use_prefix_tune_for_e_prompt",
    "same_key_value_for_pool",
    "prompt_pool",
    "prompt_pool_param.pool_size",
    "prompt_pool_param.length",
    "prompt_pool_param.top_k",
    "prompt_pool_param.initializer",
    "prompt_pool_param.prompt_key",
    "prompt_pool_param.use_prompt_mask",
    "prompt_pool_param.mask_first_epoch",
    "prompt_pool_param.shared_prompt_pool",
    "prompt_pool_param.shared_prompt_key",
    "prompt_pool_param.batchwise_prompt",
    "prompt_pool_param.prompt_key_init",
    "prompt_pool_param.embedding_key",
    "predefined_key_path",
    "freeze_part",
    "freeze_bn_stats",
    "pull_constraint",
    "pull_constraint_coeff",
    "prompt_histogram",
    "prompt_mask_mode",
    "save_prompts",
    "augment.type",
    "augment.size",
    "augment.randaugment_num_layers",
    "augment.randaugment_prob_to_apply",
    "augment.randaugment_magnitude",
    "augment.randaugment_num_levels",
    "augment.randaugment_cutout",
    "augment.randaugment_magstd",
    "augment.colorjitter_strength",
    "colorjitter.type",
    "colorjitter.colorjitter_strength",
    "randerasing.erase_prob",
    "mix.mixup_alpha",
    "mix.cutmix_alpha",
    "mix.smoothing",
    "mix.prob_to_apply"};

std::string python(const std::string& body) {
    return "import ml_collections\ndef get_config():\n  config = ml_collections.ConfigDict()\n" +
           body + "  return config\n";
}

Config load(const std::string& body, const std::vector<Override>& changes = {},
            std::vector<std::string>* notes = nullptr) {
    const TemporaryFolder folder;
    return load_config(folder.write("x.py", python(body)), changes, notes);
}

TEST(OriginalKeys, AreAllKnown) {
    for (const auto name : kKeysOfTheOriginal) {
        const bool ours = std::ranges::find(keys(), name) != keys().end();
        const bool idle =
            std::ranges::find(original_keys(), name, &OriginalKey::key) != original_keys().end();
        EXPECT_NE(ours, idle) << name;
    }
}

TEST(OriginalKeys, AreAcceptedWithANoteWhereTheyDoNothing) {
    std::vector<std::string> notes;
    load("  config.trial = 1\n  config.seed = 3\n", {{"gaussian_mode", "x"}}, &notes);
    EXPECT_THAT(notes, ElementsAre(AllOf(HasSubstr("trial, gaussian_mode"), HasSubstr("nothing"))));
    notes.clear();
    const TemporaryFolder folder;
    load_config(folder.write("a.toml", "seed = 3\nuse_cls_token = true\n"), std::vector<Override>{},
                &notes);
    EXPECT_THAT(notes, IsEmpty());
    load_config(folder.write("b.toml", "save_prompts = true\n"), std::vector<Override>{}, &notes);
    EXPECT_EQ(notes.size(), 1);
}

TEST(OriginalKeys, AreRefusedWithAValueThatAsksForMore) {
    EXPECT_THAT(message_of<UsageError>([] { load("  config.use_cls_token = False\n"); }),
                AllOf(HasSubstr("use_cls_token cannot be false"), HasSubstr("line 4")));
    EXPECT_THAT(message_of<UsageError>([] { load("  config.reweight_prompt = True\n"); }),
                HasSubstr("reweight_prompt"));
    load("  config.reweight_prompt = False\n  config.model_config = None\n");
}

TEST(OriginalRun, MakesTheMethodOfItsPrompts) {
    EXPECT_EQ(load("  config.use_e_prompt = True\n").method, "l2p");
    EXPECT_EQ(load("  config.use_e_prompt = True\n  config.use_g_prompt = True\n").method,
              "dualprompt");
    EXPECT_EQ(load("  config.seed = 1\n").method, "ft_seq");
    EXPECT_EQ(load("  config.freeze_part = ['encoder']\n").method, "ft_seq_frozen");
    EXPECT_EQ(load("  config.use_e_prompt = True\n", {{"use_g_prompt", "True"}}).method,
              "dualprompt");
}

TEST(OriginalRun, TakesTheOriginalsValuesWhereTheFileIsSilent) {
    const Config config = load("  config.use_e_prompt = True\n");
    EXPECT_EQ(config.grad_clip_scope, "all");  // preset official
    EXPECT_TRUE(config.evaluation.eval_drop_remainder);
    EXPECT_THAT(config.freeze_part, IsEmpty());
    EXPECT_EQ(config.grad_clip_max_norm, 0);
    EXPECT_EQ(config.vit_classifier, "token");
    EXPECT_FALSE(config.pull_constraint);
    EXPECT_FALSE(config.evaluation.prompt_histogram);
    EXPECT_EQ(config.evaluation.eval_per_epochs, 0);
    EXPECT_FALSE(config.images.normalizes());
}

TEST(OriginalRun, LiesOverThePresetAndUnderTheCommandLine) {
    const std::string body =
        "  config.use_e_prompt = True\n  config.freeze_part = ('encoder', 'cls')\n"
        "  config.init_checkpoint = ml_collections.FieldReference(None, field_type=str)\n"
        "  config.prompt_pool_param = ml_collections.ConfigDict()\n"
        "  config.prompt_pool_param.length = 7\n  config.continual = ml_collections.ConfigDict()\n"
        "  config.continual.train_mask = True\n";
    const Config config = load(body, {{"init_checkpoint", "a.npz"}, {"seed", "5"}});
    EXPECT_EQ(config.prompt_pool_param.length, 7);
    EXPECT_EQ(config.prompt_pool_param.top_k, 4);
    EXPECT_THAT(config.freeze_part, ElementsAre("encoder", "cls"));
    EXPECT_EQ(config.init_checkpoint, "a.npz");
    EXPECT_EQ(config.seed, 5);
    EXPECT_TRUE(config.continual.train_mask);
    EXPECT_TRUE(load("  config.continual = ml_collections.ConfigDict()\n"
                     "  config.continual.train_mask = True\n")
                    .continual.train_mask);  // over the default of ft_seq
}

TEST(OriginalRun, SwitchesAGroupOnByItsFirstKey) {
    const Config mix =
        load("  config.mix = ml_collections.ConfigDict()\n  config.mix.smoothing = 0.1\n");
    EXPECT_EQ(mix.images.mix.mixup_alpha, 0.8);
    EXPECT_EQ(mix.images.mix.cutmix_alpha, 1.0);
    EXPECT_EQ(mix.images.mix.prob_to_apply, 1);
    EXPECT_FALSE(load("  config.mix = ml_collections.ConfigDict()\n").images.mix.on());
    EXPECT_EQ(
        load("  config.augment = ml_collections.ConfigDict({'size': 224})\n").images.augment.type,
        "noop");
    const std::string replay =
        "  config.continual = ml_collections.ConfigDict()\n"
        "  config.continual.replay = ml_collections.ConfigDict()\n"
        "  config.continual.replay.num_samples_per_task = 100\n";
    EXPECT_THAT(message_of<UsageError>([&] { load(replay); }),
                HasSubstr("continual.replay.num_samples_per_class"));
    EXPECT_EQ(load(replay + "  config.continual.replay.num_samples_per_class = 10\n")
                  .continual.replay.num_samples_per_class,
              10);
}

TEST(OriginalRun, CallsFiveDatasetsByTheOriginalsName) {
    EXPECT_EQ(load("  config.dataset = \"5datasets\"\n").dataset, "five_datasets");
    EXPECT_EQ(make_config(std::vector<Override>{{"dataset", "5datasets"}}).dataset,
              "five_datasets");
}

TEST(OriginalRun, RefusesAMistypedKeyByItsLine) {
    EXPECT_THAT(message_of<UsageError>([] { load("  config.num_epoch = 3\n"); }),
                AllOf(HasSubstr("line 4"), HasSubstr("did you mean \"num_epochs\"")));
}

TEST(OriginalRun, EvaluatesEveryTenthEpisodeOfAGaussianSchedule) {
    const TemporaryFolder folder;
    const std::string rest = "  config.gaussian_schedule = True\n  return config\n";
    const auto file =
        folder.write("x.py", "def get_config():\n  config = ml_collections.ConfigDict()\n" + rest);
    EXPECT_EQ(load_config(file).continual.eval_every_tasks, 10);
}

}  // namespace
}  // namespace promptcl::config
