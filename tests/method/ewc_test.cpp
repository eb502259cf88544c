// Elastic weight consolidation, with numbers worked by hand.
#include "promptcl/method/ewc.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace promptcl::method {
namespace {

constexpr std::int64_t kClasses = 4;
constexpr double kRounding = 1e-5;

/// The head alone over the frozen ViT, so that everything can be worked out.
config::Config head_alone() {
    config::Config config = support::tiny_l2p();
    config.use_e_prompt = false;
    config.vit_classifier = "token";
    config.ewc.lambda = 3.0;
    return config;
}

Ewc learner_of(const config::Config& config) {
    return {config, support::tiny_backbone(3), kClasses, Rng(5)};
}

Tensor named(const std::vector<NamedTensor>& tensors, const std::string& wanted) {
    for (const auto& [name, value] : tensors) {
        if (name == wanted) return value;
    }
    ADD_FAILURE() << "no " << wanted;
    return {};
}

TrainingBatch batch_of(std::vector<std::int64_t> labels) {
    const auto size = std::ssize(labels);
    return {.images = support::tiny_images(size, 4), .labels = tensor::from_ints(labels)};
}

/// One batch, then nothing.
TaskImages once(const TrainingBatch& batch) {
    return [batch, given = false]() mutable -> std::optional<TrainingBatch> {
        if (std::exchange(given, true)) return std::nullopt;
        return batch;
    };
}

// A head of zeros gives every class 1/4. For one image of class 1: d log p_1 / d bias_c is 3/4 for
// c = 1 and -1/4 else; the Fisher information is their squares.
TEST(Ewc, MeasuresTheSquaredGradientOfEachImagesLogLikelihood) {
    Ewc learner = learner_of(head_alone());
    learner.end_task({1}, once(batch_of({1})));
    const Tensor fisher = named(learner.state(), "ewc/fisher/head/bias");
    EXPECT_NEAR(fisher[1].item<double>(), 9.0 / 16, kRounding);
    EXPECT_NEAR(fisher[0].item<double>(), 1.0 / 16, kRounding);
}

// Two images of classes 1 and 2: the mean of (9, 1) / 16 is 5 / 16, not the square of a mean.
TEST(Ewc, AveragesSquaresNotGradients) {
    Ewc learner = learner_of(head_alone());
    learner.end_task({1, 2}, once(batch_of({1, 2})));
    const Tensor fisher = named(learner.state(), "ewc/fisher/head/bias");
    EXPECT_NEAR(fisher[1].item<double>(), 5.0 / 16, kRounding);
    EXPECT_NEAR(fisher[2].item<double>(), 5.0 / 16, kRounding);
    EXPECT_NEAR(fisher[0].item<double>(), 1.0 / 16, kRounding);
}

TEST(Ewc, LooksAtNoMoreImagesThanItIsTold) {
    auto config = head_alone();
    config.ewc.fisher_images = 1;
    Ewc learner = learner_of(config);
    learner.end_task({1, 2}, once(batch_of({1, 2})));
    EXPECT_NEAR(named(learner.state(), "ewc/fisher/head/bias")[1].item<double>(), 9.0 / 16,
                kRounding);
}

// bias_1 moves by 0.2 and bias_0 by 0.4 from where the task left them:
// 3/2 * (9/16 * 0.2^2 + 1/16 * 0.4^2) = 3/2 * (0.0225 + 0.01) = 0.04875.
TEST(Ewc, AddsHalfLambdaTimesFisherTimesTheSquaredWay) {
    Ewc learner = learner_of(head_alone());
    learner.end_task({1}, once(batch_of({1})));
    {
        const at::NoGradGuard no_grad;
        Tensor bias = named(learner.parameters(), "head/bias");
        bias[1].add_(0.2);
        bias[0].add_(0.4);
    }
    const Loss loss = learner.loss(batch_of({2}));
    EXPECT_NEAR(loss.total.item<double>() - loss.cross_entropy.item<double>(), 0.04875, kRounding);
}

TEST(Ewc, AddsNothingBeforeItHasLearntATask) {
    Ewc learner = learner_of(head_alone());
    const Loss loss = learner.loss(batch_of({2}));
    EXPECT_EQ(loss.total.item<double>(), loss.cross_entropy.item<double>());
}

TEST(Ewc, SumsTheInformationOfAllTasksAndHoldsToTheLast) {
    Ewc learner = learner_of(head_alone());
    learner.end_task({1}, once(batch_of({1})));
    learner.end_task({1}, once(batch_of({1})));
    EXPECT_NEAR(named(learner.state(), "ewc/fisher/head/bias")[1].item<double>(), 18.0 / 16,
                kRounding);
}

TEST(Ewc, ChangesNothingWhenTheRunStopsBeforeTheLastImage) {
    Ewc learner = learner_of(head_alone());
    const TaskImages stops = []() -> std::optional<TrainingBatch> { throw 0; };
    EXPECT_ANY_THROW(learner.end_task({1}, stops));
    EXPECT_EQ(named(learner.state(), "ewc/fisher/head/bias").abs().max().item<double>(), 0.0);
}

}  // namespace
}  // namespace promptcl::method
