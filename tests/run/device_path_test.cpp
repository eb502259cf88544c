// A whole run on the way that GPUs go, on the CPU, beside the same run on the plain path.
#include "promptcl/data/normalization.h"
#include "promptcl/train/results.h"
#include "promptcl/vit/device_vit.h"

#include "tests/run/tiny_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

namespace promptcl::train {
namespace {

constexpr double kFp32 = 1e-4, kBf16 = 0.05;   // of a loss, or of 1
constexpr std::int64_t kEvaluatedAtOnce = 10;  // two batches and a half

class Watch final : public Observer {
  public:
    void interval_done(const Interval& interval, const Position&) override {
        losses.push_back(interval.mean_loss());
    }
    void evaluated(const Evaluation& evaluation, const Progress&) override {
        for (const TestScore& score : evaluation.tests)
            prompts.push_back(score.prompts);
    }

    std::vector<double> losses;
    std::vector<std::vector<double>> prompts;
};

struct Trained {
    Watch watched;
    nlohmann::json progress;
};

class DevicePath : public testing::TestWithParam<std::string> {
  protected:
    /// Without a precision on the plain path.
    Trained run(std::optional<vit::Precision> precision,
                const std::function<void(config::Config&)>& change = {}) {
        config::Config config = support::tiny_run_config(GetParam(), folder_.path());
        config.engine = "plain";
        config.learning_rate = 0.1;
        config.continual.replay.num_samples_per_class = 3;
        config.continual.replay_no_mask = true;
        if (change) change(config);
        support::write_tiny_backbone(folder_.path());
        Experiment experiment = open_experiment(config);
        if (precision) {
            const auto plain = std::dynamic_pointer_cast<const vit::Vit>(experiment.backbone);
            experiment.backbone = std::make_shared<vit::DeviceVit>(
                *plain, vit::DeviceOptions{.precision = *precision,
                                           .recorded = true,
                                           .evaluated_at_once = kEvaluatedAtOnce});
            experiment.images_on = c10::kCPU;
        }
        const RunFolder folder(folder_ / std::to_string(runs_++));
        folder.create(config);
        Trained result;
        Trainer trainer(experiment, folder, {&result.watched});
        EXPECT_EQ(trainer.run([] { return false; }), Outcome::kFinished);
        result.progress = to_json(trainer.progress());
        return result;
    }
    static void expect_losses_near(const Trained& there, const Trained& plain, double tolerance) {
        ASSERT_FALSE(plain.watched.losses.empty());
        ASSERT_EQ(there.watched.losses.size(), plain.watched.losses.size());
        for (std::size_t i = 0; i < plain.watched.losses.size(); ++i) {
            const double loss = plain.watched.losses[i];
            EXPECT_NEAR(there.watched.losses[i], loss, tolerance * std::max(1.0, loss));
        }
    }

    TemporaryFolder folder_;
    int runs_ = 0;
};

TEST_P(DevicePath, InFloat32EndsWithTheSameAccuraciesAndChoosesTheSamePrompts) {
    const Trained plain = run({}), there = run(vit::Precision::kFp32);
    EXPECT_EQ(there.progress.at("accuracy"), plain.progress.at("accuracy"));
    EXPECT_EQ(there.progress.at("instance_accuracy"), plain.progress.at("instance_accuracy"));
    EXPECT_EQ(there.watched.prompts, plain.watched.prompts);
    expect_losses_near(there, plain, kFp32);
}

TEST_P(DevicePath, InBfloat16HasTheLossesOfThePlainPathButForItsRounding) {
    expect_losses_near(run(vit::Precision::kBf16), run({}), kBf16);
}

TEST_P(DevicePath, DrawsTheSameAugmentation) {
    const auto augment = [](config::Config& config) {
        config.images.augment.type = "randaugment";
        config.images.colorjitter.type = "colorjitter";
        config.images.randerasing.erase_prob = 0.5;
        data::settle_normalization(config);
    };
    const Trained plain = run({}, augment), there = run(vit::Precision::kFp32, augment);
    EXPECT_NE(plain.watched.losses, run({}).watched.losses);
    expect_losses_near(there, plain, kFp32);
}

TEST_P(DevicePath, MixesTheSameImages) {
    const auto unmixed = [](config::Config& config) {
        config.continual.replay.num_samples_per_class = 0;
        config.continual.train_mask = false;
        config.num_devices = 2;
        config.per_device_batch_size = 2;
    };
    const auto mix = [&](config::Config& config) {
        unmixed(config);
        config.images.mix = {.mixup_alpha = 0.8, .cutmix_alpha = 1, .smoothing = 0.1};
    };
    const Trained plain = run({}, mix), there = run(vit::Precision::kFp32, mix);
    EXPECT_NE(plain.watched.losses, run({}, unmixed).watched.losses);
    EXPECT_EQ(plain.watched.losses, run({}, mix).watched.losses);
    expect_losses_near(there, plain, kFp32);
}

INSTANTIATE_TEST_SUITE_P(Methods, DevicePath, testing::Values("l2p", "dualprompt"));

}  // namespace
}  // namespace promptcl::train
