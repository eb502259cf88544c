// What a run's configuration says that the user's did not.
#include "promptcl/runs/run_config.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::runs {
namespace {

using testing::ElementsAre;

TEST(TrainingConfig, HoldsTheNumbersThatNormaliseItsImages) {
    const TemporaryFolder folder;
    const auto backbone = folder.write("vit.npz", "");
    const std::vector<std::string> changes = {"norm_01=false",
                                              "init_checkpoint=" + backbone.string(),
                                              "data_dir=" + folder.path().string()};
    const auto config = training_config("cifar100_l2p", changes, folder / "run");
    EXPECT_THAT(config.images.norm_mean, ElementsAre(0.5071, 0.4867, 0.4408));
    EXPECT_THAT(config.images.norm_std, ElementsAre(0.2675, 0.2565, 0.2761));
}

// Written before the key eval_task_end_only was there.
TEST(StoredConfig, KeepsTheEarlierMeaningOfEvalLastOnly) {
    const TemporaryFolder folder;
    folder.write("config.toml", "eval_last_only = true\n");
    EXPECT_TRUE(stored_config(folder.path()).evaluation.eval_task_end_only);
    EXPECT_FALSE(stored_config(folder.path()).evaluation.eval_last_only);
    folder.write("config.toml", "eval_last_only = true\neval_task_end_only = false\n");
    EXPECT_FALSE(stored_config(folder.path()).evaluation.eval_task_end_only);
    EXPECT_TRUE(stored_config(folder.path()).evaluation.eval_last_only);
}

}  // namespace
}  // namespace promptcl::runs
