#include "promptcl/config/load.h"
#include "promptcl/config/locate.h"
#include "promptcl/config/methods.h"
#include "promptcl/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

/// A shipped configuration with the two paths that only a user can give.
Config shipped(const std::string& name) {
    return load_config(name,
                       std::vector<Override>{{"init_checkpoint", "x.npz"}, {"data_dir", "x"}});
}

std::vector<std::string> keys_that_differ(const Config& left, const Config& right) {
    std::vector<std::string> keys;
    for (const auto& difference : differences(left, right))
        keys.push_back(difference.key);
    return keys;
}

TEST(ShippedConfigs, AreAllWithoutProblemsOnceThePathsAreGiven) {
    ASSERT_FALSE(shipped_configs().empty());
    for (const auto& config : shipped_configs()) {
        EXPECT_THAT(shipped(config.name).problems(), ElementsAre()) << config.path;
    }
}

TEST(ShippedConfigs, SayInTheirFirstLineWhatTheyAre) {
    for (const auto& config : shipped_configs()) {
        EXPECT_GT(config.summary.size(), 20U) << config.path;
        EXPECT_TRUE(config.summary.ends_with('.')) << config.path;
    }
}

TEST(ShippedConfigs, OfCifar100L2pAreTheDefaults) {
    Config defaults;
    defaults.init_checkpoint = "x.npz";
    defaults.data_dir = "x";
    EXPECT_THAT(differences(shipped("cifar100_l2p"), defaults), ::testing::SizeIs(0));
}

TEST(ShippedConfigs, OfEveryOtherMethodOnCifar100AreTheDefaultsOfThatMethod) {
    for (const std::string_view name : method_names()) {
        const std::string method(name);
        Config defaults = method_defaults(method);
        defaults.method = method;
        defaults.init_checkpoint = "x.npz";
        defaults.data_dir = "x";
        EXPECT_THAT(keys_that_differ(shipped("cifar100_" + method), defaults), ElementsAre())
            << method;
    }
}

// The values of the official code.
TEST(ShippedConfigs, OfCifar100DualPromptDifferFromL2pInThesePoints) {
    EXPECT_THAT(
        keys_that_differ(shipped("cifar100_l2p"), shipped("cifar100_dualprompt")),
        ElementsAre("method", "per_device_batch_size", "vit_classifier", "use_g_prompt",
                    "e_prompt_layer_idx", "use_prefix_tune_for_e_prompt",
                    "prompt_pool_param.length", "prompt_pool_param.top_k",
                    "prompt_pool_param.use_prompt_mask", "prompt_pool_param.shared_prompt_pool"));
}

TEST(ShippedConfigs, OfFiveDatasetsDifferFromCifar100InThesePoints) {
    EXPECT_THAT(keys_that_differ(shipped("cifar100_l2p"), shipped("five_datasets_l2p")),
                ElementsAre("dataset", "continual.num_tasks", "pull_constraint_coeff",
                            "prompt_pool_param.pool_size", "prompt_pool_param.use_prompt_mask",
                            "prompt_pool_param.shared_prompt_pool"));
    EXPECT_EQ(shipped("five_datasets_l2p").prompt_pool_param.pool_size, 20);
    EXPECT_EQ(shipped("five_datasets_l2p").pull_constraint_coeff, 0.5);
}

TEST(ShippedConfigs, OfGaussianCifar100DifferFromCifar100InThesePoints) {
    const Config gaussian = shipped("cifar100_gaussian_l2p");
    EXPECT_THAT(keys_that_differ(shipped("cifar100_l2p"), gaussian),
                ElementsAre("gaussian_schedule", "continual.num_tasks",
                            "continual.num_classes_per_task", "continual.eval_every_tasks",
                            "continual.num_train_steps_per_task", "reinit_optimizer"));
    EXPECT_EQ(gaussian.continual.num_tasks, 200);
    EXPECT_EQ(gaussian.continual.num_train_steps_per_task, 5);
}

TEST(ShippedConfigs, OfCore50DifferFromCifar100InThesePoints) {
    const Config core50 = shipped("core50_l2p");
    EXPECT_THAT(keys_that_differ(shipped("cifar100_l2p"), core50),
                ElementsAre("freeze_part", "dataset", "continual.num_tasks",
                            "continual.num_classes_per_task", "continual.train_mask", "optim",
                            "prompt_pool_param.length", "eval_per_epochs"));
    EXPECT_THAT(core50.freeze_part, ElementsAre());
    EXPECT_EQ(core50.continual.num_tasks, 8);
    EXPECT_EQ(core50.prompt_pool_param.length, 5);
}

TEST(ShippedConfigs, OfImagenetRDifferFromCifar100InThesePoints) {
    const Config imagenet_r = shipped("imr_dualprompt");
    EXPECT_THAT(keys_that_differ(shipped("cifar100_dualprompt"), imagenet_r),
                ElementsAre("dataset", "continual.num_classes_per_task", "num_epochs",
                            "learning_rate", "prompt_pool_param.length",
                            "prompt_pool_param.batchwise_prompt", "eval_per_epochs"));
    EXPECT_EQ(imagenet_r.learning_rate, 0.005);
    EXPECT_EQ(imagenet_r.prompt_pool_param.length, 20);
}

TEST(ShippedConfigs, ForOwnImagesKeepThePromptsOfTheirBase) {
    EXPECT_THAT(keys_that_differ(shipped("cifar100_l2p"), shipped("image_folder_l2p")),
                IsSupersetOf({"dataset", "continual.num_tasks"}));
    EXPECT_EQ(shipped("image_folder_dualprompt").prompt_pool_param.top_k, 1);
}

}  // namespace
}  // namespace promptcl::config
