// What `promptcl train` says of the run that it begins.
#include "promptcl/config/print.h"
#include "promptcl/tensor/device.h"

#include "tests/run/process.h"
#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class TrainOutput : public ::testing::Test {
  protected:
    void SetUp() override { support::write_tiny_backbone(folder_.path()); }

    config::Config configured(const std::string& method) const {
        auto config = support::tiny_run_config(method, folder_.path());
        config.synthetic.train_per_class = 4;
        config.num_epochs = 1;
        return config;
    }
    support::Process train(const config::Config& config) const {
        const auto file = folder_.write("run.toml", config::to_toml(config));
        const auto workdir = folder_.path() / config.method;
        return {{"train", "--config", file.string(), "--workdir", workdir.string()},
                folder_.path() / "log"};
    }
    std::string output_of(const config::Config& config) const {
        support::Process process = train(config);
        EXPECT_EQ(process.wait(), 0) << process.log();
        return process.log();
    }

    TemporaryFolder folder_;
};

TEST_F(TrainOutput, SaysHowMuchOfTheViTIsTrained) {
    EXPECT_THAT(output_of(configured("l2p")), HasSubstr("over a frozen ViT (patch 4"));
    EXPECT_THAT(output_of(configured("ncm")), HasSubstr("over a frozen ViT (patch 4"));
    EXPECT_THAT(output_of(configured("ewc")), HasSubstr("over a ViT that is trained too (patch 4"));
    auto in_part = configured("ft_seq");
    in_part.freeze_part = {"MlpBlock"};
    EXPECT_THAT(output_of(in_part), HasSubstr("over a ViT that is trained in part (patch 4"));
}

TEST_F(TrainOutput, CountsOneTaskAsOne) {
    EXPECT_THAT(output_of(configured("joint")),
                AllOf(HasSubstr("in 1 task,"), HasSubstr("over a ViT that is trained too")));
}

TEST_F(TrainOutput, LeavesNoFolderBehindWhereTheGpuIsMissing) {
    if (tensor::has_gpu()) GTEST_SKIP() << "there is one";
    auto config = configured("l2p");
    config.device = "cuda";
    support::Process process = train(config);
    EXPECT_EQ(WEXITSTATUS(process.wait()), 3);
    EXPECT_THAT(process.log(), HasSubstr("device \"cuda\""));
    EXPECT_FALSE(std::filesystem::exists(folder_ / config.method));
}

}  // namespace
}  // namespace promptcl
