// A training step over parts of a batch gives the gradients of the step in one piece.
#include "promptcl/method/method.h"
#include "promptcl/train/gradient_step.h"

#include "tests/support/other_vit.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace promptcl::method {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kClasses = 6, kImages = 7, kAtOnce = 3;  // parts of 3, 3 and 1
constexpr double kTolerance = 1e-6;  // of the largest gradient of a tensor: sums in another order

/// The parameters moved from where they start: the head has left zero, and every prompt differs.
void move(const Method& method) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : method.parameters())
        Tensor(value).add_(0.3 * at::sin(at::arange(value.numel())).reshape(value.sizes()));
}

TrainingBatch seven_images() {
    return {.images = support::tiny_images(kImages, 4),
            .labels = tensor::from_ints(Ids{2, 3, 3, 2, 2, 3, 3})};
}

/// The keys point to what sets single images apart, so that these choose differently.
void spread_keys(const Method& method, const Tensor& images) {
    const at::NoGradGuard no_grad;
    const Tensor query = method.query(images);
    for (const auto& [name, value] : method.parameters()) {
        if (name == "prompt_pool/key")
            Tensor(value).copy_((query - query.mean(0)).narrow(0, 0, value.size(0)));
    }
}

/// What has learnt a task, so that there is something to hold on to.
std::unique_ptr<Method> learner_over(std::shared_ptr<const vit::FrozenVit> backbone,
                                     const config::Config& config) {
    auto method = make_method(config, std::move(backbone), kClasses, Rng(5));
    move(*method);
    method->end_task({0, 1}, [given = false]() mutable -> std::optional<TrainingBatch> {
        if (std::exchange(given, true)) return std::nullopt;
        return seven_images();
    });
    method->begin_task(1);
    move(*method);
    spread_keys(*method, seven_images().images);
    return method;
}

void expect_near(const Tensor& actual, const Tensor& expected, const std::string& what) {
    const double largest = expected.abs().max().item<double>();
    EXPECT_LE((actual - expected).abs().max().item<double>(), kTolerance * largest) << what;
}

void expect_the_same_step(const config::Config& config, const TrainingBatch& batch,
                          std::int64_t devices = 1) {
    const auto plain = support::tiny_backbone(3);
    const auto whole = learner_over(plain, config);
    const auto by_parts = learner_over(std::make_shared<support::OtherVit>(plain, kAtOnce), config);
    const auto expected = train::gradients_of(*whole, train::split(batch, devices));
    const auto actual = train::gradients_of(*by_parts, train::split(batch, devices));
    EXPECT_NEAR(actual.stats.loss, expected.stats.loss, kTolerance * expected.stats.loss);
    EXPECT_NEAR(actual.stats.cross_entropy, expected.stats.cross_entropy,
                kTolerance * expected.stats.cross_entropy);
    EXPECT_EQ(actual.stats.accuracy, expected.stats.accuracy);
    EXPECT_EQ(actual.stats.images, batch.labels.size(0));
    const auto parameters = whole->parameters();
    ASSERT_EQ(actual.values.size(), parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i)
        expect_near(actual.values[i], expected.values[i], parameters[i].name);
}

config::Config voting() {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.batchwise_prompt = true;
    config.prompt_pool_param.top_k = 1;
    return config;
}

TEST(Accumulation, LeavesL2PsStepAsItIs) {
    expect_the_same_step(support::tiny_l2p(), seven_images());
}

TEST(Accumulation, LetsTheWholeBatchVote) {
    const auto plain = support::tiny_backbone(3);
    const auto learner = learner_over(plain, voting());
    const Tensor query = learner->query(seven_images().images);
    const auto vote_of = [&](std::int64_t first, std::int64_t count) {
        return learner->choose(query.narrow(0, first, count), Choice::kConfigured)[0];
    };
    ASSERT_FALSE(at::equal(vote_of(0, 3), vote_of(0, kImages)))
        << "the first part would vote as the batch does";
    expect_the_same_step(voting(), seven_images());
}

TEST(Accumulation, KeepsTheForcedPromptsOfATask) {
    TrainingBatch batch = seven_images();
    batch.rules = {.classes = Ids{2, 3}, .prompt_mask = Ids{3}};
    expect_the_same_step(support::tiny_dualprompt(), batch);
}

TEST(Accumulation, MasksNewAndReplayedImagesEachAsItsOwn) {
    TrainingBatch batch = seven_images();
    batch.labels = tensor::from_ints(Ids{2, 3, 3, 2, 0, 1, 0});
    batch.replayed = 3;  // the border lies inside the second part
    for (const ReplayMask mask : {ReplayMask::kNone, ReplayMask::kReverse}) {
        batch.rules = {.classes = Ids{2, 3}, .replay_mask = mask};
        expect_the_same_step(voting(), batch);
    }
}

TEST(Accumulation, GivesEveryPartItsTargets) {
    TrainingBatch batch = seven_images();
    const Tensor one_hot = at::one_hot(batch.labels, kClasses).to(at::kFloat);
    const Tensor weight = 0.5 + 0.07 * at::arange(kImages, at::kFloat).reshape({kImages, 1});
    batch.targets = weight * one_hot + (1 - weight) * at::eye(kImages, kClasses).roll(1, 0);
    for (const auto* method : {"l2p", "ewc", "lwf"}) {
        config::Config config = voting();
        config.method = method;
        expect_the_same_step(config, batch);
    }
}

TEST(Accumulation, CountsThePenaltyOfTheParametersOnce) {
    config::Config config = support::tiny_l2p();
    config.weight_decay = 0.1;
    config.pull_constraint = false;
    expect_the_same_step(config, seven_images());
}

TEST(Accumulation, HoldsUnderTheRegularisers) {
    for (const auto* method : {"ewc", "lwf"}) {
        config::Config config = voting();
        config.method = method;
        expect_the_same_step(config, seven_images());
    }
}

TEST(Accumulation, IsEachDevicesOwn) {
    TrainingBatch batch = seven_images();
    batch.images = batch.images.repeat({2, 1, 1, 1});
    batch.labels = batch.labels.repeat({2});
    expect_the_same_step(voting(), batch, /*devices=*/2);
}

TEST(Accumulation, AsksTheQueriesAtOnceAndThePromptedPassInParts) {
    const auto other = std::make_shared<support::OtherVit>(support::tiny_backbone(3), kAtOnce);
    const auto learner = make_method(voting(), other, kClasses, Rng(5));
    learner->add_gradients(seven_images(), 1);
    EXPECT_THAT(other->queried, ElementsAre(kImages));
    EXPECT_THAT(other->prompted, ElementsAre(3, 3, 1));
}

TEST(Accumulation, HasNoPartsForAHeadOnTheQuery) {
    const auto other = std::make_shared<support::OtherVit>(support::tiny_backbone(3), kAtOnce);
    config::Config config = support::tiny_l2p();
    config.use_e_prompt = false;
    config.vit_classifier = "token";
    make_method(config, other, kClasses, Rng(5))->add_gradients(seven_images(), 1);
    EXPECT_THAT(other->queried, ElementsAre(kImages));
    EXPECT_THAT(other->prompted, IsEmpty());
}

}  // namespace
}  // namespace promptcl::method
