// Learning without forgetting, with numbers worked by hand.
#include "promptcl/method/lwf.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::method {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kClasses = 3;
constexpr double kRounding = 1e-5;

/// The head alone, its kernel zero: logits are the biases.
config::Config head_alone() {
    config::Config config = support::tiny_l2p();
    config.use_e_prompt = false;
    config.vit_classifier = "token";
    config.lwf.lambda = 10.0;
    config.lwf.temperature = 2.0;
    return config;
}

Lwf learner_of(const config::Config& config) {
    return {config, support::tiny_backbone(3), kClasses, Rng(5)};
}

void set_bias(Lwf& learner, const std::vector<float>& values) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : learner.parameters()) {
        if (name == "head/bias") Tensor(value).copy_(tensor::from_floats(values, {kClasses}));
    }
}

double distillation(Lwf& learner) {
    const TrainingBatch batch{.images = support::tiny_images(2, 4),
                              .labels = tensor::from_ints(Ids{2, 2})};
    const Loss loss = learner.loss(batch);
    return loss.total.item<double>() - loss.cross_entropy.item<double>();
}

const TaskImages kNone = [] { return std::optional<TrainingBatch>(); };

// The teacher's logits ln 1 and ln 9 soften with T = 2 to ln 1 and ln 3: p = (1/4, 3/4). The
// student says (1/2, 1/2): the distillation is ln 2, times lambda.
TEST(Lwf, HoldsTheOldClassesToTheSoftenedTeacher) {
    Lwf learner = learner_of(head_alone());
    set_bias(learner, {0.0F, std::log(9.0F), 5.0F});
    learner.end_task({0, 1}, kNone);
    learner.begin_task(1);
    set_bias(learner, {0.0F, 0.0F, 7.0F});  // the new class 2 plays no part
    EXPECT_NEAR(distillation(learner), 10 * std::log(2.0), kRounding * 10);
}

// A student that is its teacher pays the entropy of p, -(1/4 ln 1/4 + 3/4 ln 3/4).
TEST(Lwf, PaysTheTeachersEntropyAtTheStartOfATask) {
    Lwf learner = learner_of(head_alone());
    set_bias(learner, {0.0F, std::log(9.0F), 5.0F});
    learner.end_task({0, 1}, kNone);
    learner.begin_task(1);
    const double entropy = -(0.25 * std::log(0.25) + 0.75 * std::log(0.75));
    EXPECT_NEAR(distillation(learner), 10 * entropy, kRounding * 10);
}

TEST(Lwf, AddsNothingInItsFirstTask) {
    Lwf learner = learner_of(head_alone());
    learner.begin_task(0);
    EXPECT_EQ(distillation(learner), 0.0);
}

TEST(Lwf, TeachesWithAWholeViTThatStaysWhileTheLearnersMoves) {
    config::Config config = head_alone();
    config.freeze_part = {};
    Lwf learner = learner_of(config);
    learner.end_task({0, 1}, kNone);
    learner.begin_task(1);
    learner.loss({.images = support::tiny_images(2, 4), .labels = tensor::from_ints(Ids{2, 2})})
        .total.backward();
    for (const auto& [name, value] : learner.state()) {
        const bool teaches = name.starts_with("lwf/");
        EXPECT_EQ(value.grad().defined() && teaches, false) << name;
    }
}

}  // namespace
}  // namespace promptcl::method
