// A whole run on the native engine beside the same run on the plain path.
#include "promptcl/io/file.h"
#include "promptcl/tensor/device.h"
#include "promptcl/train/results.h"

#include "tests/run/tiny_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::train {
namespace {

/// Everything that was counted: accuracies and how often each prompt was chosen.
struct Counts {
    nlohmann::json accuracy, instance_accuracy;
    std::vector<std::vector<double>> prompts;
    bool operator==(const Counts&) const = default;
};

class CountPrompts final : public Observer {
  public:
    std::vector<std::vector<double>> seen;
    void evaluated(const Evaluation& evaluation, const Progress&) override {
        for (const TestScore& score : evaluation.tests)
            seen.push_back(score.prompts);
    }
};

class Engines : public testing::TestWithParam<std::string> {
  protected:
    Counts run_on(const std::string& engine) const {
        config::Config config = support::tiny_run_config(GetParam(), folder_.path());
        config.engine = engine;
        config.learning_rate = 0.1;
        support::write_tiny_backbone(folder_.path());
        const RunFolder folder(folder_.path() / engine);
        folder.create(config);
        const Experiment experiment = open_experiment(config);
        EXPECT_EQ(experiment.backbone->name(), engine);
        CountPrompts prompts;
        Trainer trainer(experiment, folder, {&prompts});
        EXPECT_EQ(trainer.run([] { return false; }), Outcome::kFinished);
        const auto progress = to_json(trainer.progress());
        return {.accuracy = progress.at("accuracy"),
                .instance_accuracy = progress.at("instance_accuracy"),
                .prompts = prompts.seen};
    }

    TemporaryFolder folder_;
};

TEST_P(Engines, EndWithTheSameAccuraciesAndChooseTheSamePrompts) {
    const Counts plain = run_on("plain"), native = run_on("native");
    EXPECT_EQ(native.accuracy, plain.accuracy);
    EXPECT_EQ(native.instance_accuracy, plain.instance_accuracy);
    EXPECT_EQ(native.prompts, plain.prompts);
}

INSTANTIATE_TEST_SUITE_P(Methods, Engines,
                         testing::Values("l2p", "dualprompt", "ncm", "ft_seq_frozen"));

TEST(EngineAuto, IsThePlainOneWhereTheViTIsTrainedAndTheNativeOneElsewhere) {
    const TemporaryFolder folder;
    support::write_tiny_backbone(folder.path());
    const auto name_for = [&](const std::string& method) {
        return std::string(
            open_experiment(support::tiny_run_config(method, folder.path())).backbone->name());
    };
    EXPECT_EQ(name_for("l2p"), "native");
    EXPECT_EQ(name_for("ft_seq"), "plain");
}

TEST(EngineNative, IsRefusedWhereTheViTIsTrained) {
    const TemporaryFolder folder;
    support::write_tiny_backbone(folder.path());
    auto config = support::tiny_run_config("ft_seq", folder.path());
    config.engine = "native";
    try {
        open_experiment(config);
        FAIL() << "nothing was thrown";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("engine \"native\" cannot compute this ViT: "
                                                     "freeze_part"));
    }
}

TEST(DeviceCuda, IsRefusedWithASentenceWhereThereIsNoGpu) {
    if (tensor::has_gpu()) GTEST_SKIP() << "there is one";
    const TemporaryFolder folder;
    support::write_tiny_backbone(folder.path());
    auto config = support::tiny_run_config("l2p", folder.path());
    config.device = "cuda";
    EXPECT_THAT(message_of<Error>([&] { open_experiment(config); }),
                testing::HasSubstr("device \"cuda\""));
}

}  // namespace
}  // namespace promptcl::train
