// The loss of images whose labels are mixed.
#include "promptcl/method/method.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

namespace promptcl::method {
namespace {

constexpr std::int64_t kClasses = 6, kImages = 5;

/// A learner whose parameters have left their start.
std::unique_ptr<Method> learner_of(const std::string& name) {
    config::Config config = support::tiny_l2p();
    config.method = name;
    auto result = make_method(config, support::tiny_backbone(3), kClasses, Rng(5));
    const at::NoGradGuard no_grad;
    for (const auto& [_, value] : result->parameters())
        Tensor(value).add_(0.3 * at::sin(at::arange(value.numel())).reshape(value.sizes()));
    return result;
}

TrainingBatch mixed_batch() {
    TrainingBatch batch{.images = support::tiny_images(kImages, 4), .labels = at::arange(kImages)};
    const Tensor weight = 0.5 + 0.1 * at::arange(kImages, at::kFloat).reshape({kImages, 1});
    const Tensor one_hot = at::one_hot(batch.labels, kClasses).to(at::kFloat);
    batch.targets = weight * one_hot + (1 - weight) * one_hot.flip(0);
    return batch;
}

class SoftTargets : public testing::TestWithParam<const char*> {};

TEST_P(SoftTargets, AreWeighedInTheCrossEntropy) {
    const auto learner = learner_of(GetParam());
    const TrainingBatch batch = mixed_batch();
    const Loss loss = learner->loss(batch);
    const auto logits = tensor::to_doubles(loss.logits.detach().flatten()),
               targets = tensor::to_doubles(batch.targets.flatten());
    double expected = 0;
    for (std::size_t first = 0; first < logits.size(); first += kClasses) {
        double sum = 0;
        for (std::size_t c = first; c < first + kClasses; ++c)
            sum += std::exp(logits[c]);
        for (std::size_t c = first; c < first + kClasses; ++c)
            expected -= targets[c] * (logits[c] - std::log(sum)) / kImages;
    }
    EXPECT_NEAR(loss.cross_entropy.item<double>(), expected, 1e-5);
}

TEST_P(SoftTargets, ThatAreOneHotAreLabels) {
    TrainingBatch soft = mixed_batch(), hard = soft;
    soft.targets = at::one_hot(soft.labels, kClasses).to(at::kFloat);
    hard.targets = Tensor();
    const auto learner = learner_of(GetParam());
    EXPECT_NEAR(learner->loss(soft).total.item<double>(), learner->loss(hard).total.item<double>(),
                1e-5);
}

INSTANTIATE_TEST_SUITE_P(Methods, SoftTargets, testing::Values("l2p", "ewc", "lwf"));

}  // namespace
}  // namespace promptcl::method
