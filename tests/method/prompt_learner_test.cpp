// The rules of a prompt learner, each by itself.
#include "promptcl/method/prompt_learner.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace promptcl::method {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kClasses = 6;
constexpr double kFloatTolerance = 1e-5;

/// A learner whose head has left zero, so that gradients reach the prompts.
PromptLearner learner_of(const config::Config& config) {
    PromptLearner learner(config, support::tiny_backbone(3), kClasses, Rng(5));
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : learner.parameters()) {
        if (name == "head/kernel")
            value.copy_(at::sin(at::arange(value.numel())).reshape(value.sizes()));
    }
    return learner;
}

TrainingBatch batch_of(std::int64_t size, TaskRules rules = {}) {
    return {.images = support::tiny_images(size, 4),
            .labels = at::arange(size) % 2 + 2,
            .rules = std::move(rules)};
}

std::map<std::string, Tensor> gradients(PromptLearner& learner, const TrainingBatch& batch) {
    learner.loss(batch).total.backward();
    std::map<std::string, Tensor> result;
    for (const auto& [name, value] : learner.parameters())
        result[name] = value.grad().defined() ? value.grad() : at::zeros_like(value);
    return result;
}

double largest(const Tensor& x) {
    return x.abs().max().item<double>();
}

TEST(PromptLearner, StartsWithAHeadOfZeros) {
    const PromptLearner learner(support::tiny_l2p(), support::tiny_backbone(3), kClasses, Rng(5));
    for (const auto& [name, value] : learner.parameters()) {
        EXPECT_EQ(largest(value) == 0.0, name.starts_with("head/")) << name;
    }
    const Pass pass = learner.forward(batch_of(2));
    EXPECT_EQ(largest(pass.logits), 0.0);
    // so its first cross-entropy is that of a guess
    EXPECT_NEAR(learner.loss_of(pass, batch_of(2)).cross_entropy.item<double>(), std::log(kClasses),
                kFloatTolerance);
}

TEST(PromptLearner, GivesTheBackboneNoGradient) {
    const auto backbone = support::tiny_backbone(3);
    PromptLearner learner(support::tiny_dualprompt(), backbone, kClasses, Rng(5));
    learner.loss(batch_of(2)).total.backward();
    vit::Weights weights = backbone->weights();
    weights.visit([](const std::string& name, const Tensor& weight) {
        EXPECT_FALSE(weight.requires_grad()) << name;
        EXPECT_FALSE(weight.grad().defined()) << name;
    });
}

TEST(PromptLearner, GivesEveryTrainedTensorAGradient) {
    for (const auto& config : {support::tiny_l2p(), support::tiny_dualprompt()}) {
        PromptLearner learner = learner_of(config);
        for (const auto& [name, gradient] : gradients(learner, batch_of(3)))
            EXPECT_GT(largest(gradient), 0.0) << name;
    }
}

TEST(PromptLearner, GivesGeneralPromptsOfOtherLayersNoGradient) {
    PromptLearner learner = learner_of(support::tiny_dualprompt());  // G at block 0 of 3
    const Tensor prefix = gradients(learner, batch_of(3)).at("prefix");
    EXPECT_GT(largest(prefix[0][0]), 0.0);
    EXPECT_GT(largest(prefix[0][1]), 0.0);
    EXPECT_EQ(largest(prefix.narrow(0, 1, 2)), 0.0);
}

TEST(PromptLearner, GivesPromptsThatNobodyChoseNoGradient) {
    PromptLearner learner = learner_of(support::tiny_dualprompt());
    auto all = gradients(learner, batch_of(3, {.prompt_mask = Ids{3}}));
    const Tensor pool = all.at("prompt_pool/prompt").movedim(2, 0).flatten(1);  // [M, rest]
    for (std::int64_t m = 0; m < 5; ++m) {
        EXPECT_EQ(largest(pool[m]) > 0, m == 3) << m;
        EXPECT_EQ(largest(all.at("prompt_pool/key")[m]) > 0, m == 3) << m;
    }
}

TEST(PromptLearner, GivesMaskedClassesNoGradient) {
    PromptLearner learner = learner_of(support::tiny_l2p());
    const auto all = gradients(learner, batch_of(3, {.classes = Ids{2, 3}}));
    for (std::int64_t c = 0; c < kClasses; ++c) {
        const bool current = c == 2 || c == 3;
        EXPECT_EQ(largest(all.at("head/kernel").select(1, c)) > 0, current) << c;
        EXPECT_EQ(largest(all.at("head/bias")[c]) > 0, current) << c;
    }
}

TEST(PromptLearner, MasksTheLossButNotItsPass) {
    PromptLearner learner = learner_of(support::tiny_l2p());
    const TrainingBatch batch = batch_of(3, {.classes = Ids{2, 3}});
    const Pass pass = learner.forward(batch);
    const Loss loss = learner.loss_of(pass, batch);
    EXPECT_TRUE(at::isfinite(pass.logits).all().item<bool>());
    for (std::int64_t c = 0; c < kClasses; ++c) {
        EXPECT_EQ(at::isinf(loss.logits.select(1, c)).all().item<bool>(), c != 2 && c != 3) << c;
    }
    EXPECT_TRUE(at::isfinite(loss.total).item<bool>());
}

TEST(PromptLearner, GivesTheQueryNoGradient) {
    PromptLearner learner = learner_of(support::tiny_l2p());
    for (const std::string key : {"cls", "mean", "max", "mean_max"}) {
        config::Config config = support::tiny_l2p();
        config.prompt_pool_param.embedding_key = key;
        EXPECT_FALSE(learner_of(config).query(support::tiny_images(2, 4)).requires_grad()) << key;
    }
    EXPECT_FALSE(learner.forward(batch_of(2)).query.requires_grad());
}

TEST(PromptLearner, PullsTheChosenKeysOnlyThroughTheSimilarity) {
    config::Config config = support::tiny_l2p();
    config.pull_constraint = false;
    PromptLearner unpulled = learner_of(config);
    EXPECT_EQ(largest(gradients(unpulled, batch_of(3)).at("prompt_pool/key")), 0.0);

    config.pull_constraint = true;
    config.pull_constraint_coeff = 0.5;
    PromptLearner learner = learner_of(config);
    const Pass pass = learner.forward(batch_of(3));
    const Loss loss = learner.loss_of(pass, batch_of(3));
    EXPECT_NEAR(loss.total.item<double>(),
                loss.cross_entropy.item<double>() - 0.5 * pass.reduce_sim.item<double>(),
                kFloatTolerance);
}

TEST(PromptLearner, GivesPromptsNoPositionEmbedding) {
    // Were positions added to them, the order in which two are put in front would show.
    PromptLearner learner = learner_of(support::tiny_l2p());
    const Tensor images = support::tiny_images(1, 4), query = learner.query(images);
    const Tensor there = learner.logits(images, query, tensor::from_ints(Ids{1, 4}).unsqueeze(0));
    const Tensor back = learner.logits(images, query, tensor::from_ints(Ids{4, 1}).unsqueeze(0));
    EXPECT_LT(largest(there - back), kFloatTolerance);
    const Tensor other = learner.logits(images, query, tensor::from_ints(Ids{4, 2}).unsqueeze(0));
    EXPECT_GT(largest(there - other), 10 * kFloatTolerance);
}

TEST(PromptLearner, ScoresAnImageTheSameInAnyCompanyWhenItChoosesForItself) {
    for (const auto& config : {support::tiny_l2p(), support::tiny_dualprompt()}) {
        const PromptLearner learner = learner_of(config);
        const Tensor images = support::tiny_images(5, 4);
        const Tensor query = learner.query(images);
        const Tensor together =
            learner.logits(images, query, learner.choose(query, Choice::kInstance));
        for (std::int64_t b = 0; b < 5; ++b) {
            const Tensor image = images.narrow(0, b, 1), own = learner.query(image);
            const Tensor alone = learner.logits(image, own, learner.choose(own, Choice::kInstance));
            EXPECT_LT(largest(alone[0] - together[b]), kFloatTolerance) << b;
        }
    }
}

TEST(PromptLearner, LetsTheBatchVoteOnlyWhenConfiguredAndAsked) {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.batchwise_prompt = true;
    const PromptLearner learner = learner_of(config);
    const Tensor query = at::randn({40, 8});
    const Tensor voted = learner.choose(query, Choice::kConfigured);
    EXPECT_TRUE(at::equal(voted, voted[0].unsqueeze(0).expand_as(voted)));
    const Tensor own = learner.choose(query, Choice::kInstance);
    EXPECT_FALSE(at::equal(own, own[0].unsqueeze(0).expand_as(own)));
    EXPECT_TRUE(at::equal(learner_of(support::tiny_l2p()).choose(query, Choice::kConfigured),
                          learner_of(support::tiny_l2p()).choose(query, Choice::kInstance)));
}

TEST(PromptLearner, ForcesTheMaskInTrainingAndNeverInEvaluation) {
    PromptLearner learner = learner_of(support::tiny_dualprompt());
    const Pass pass = learner.forward(batch_of(3, {.prompt_mask = Ids{3}}));
    EXPECT_EQ(tensor::to_ints(pass.prompt_idx), (Ids{3, 3, 3}));
    const Tensor chosen = learner.choose(pass.query, Choice::kConfigured);
    EXPECT_TRUE(at::equal(chosen.flatten(), pass.similarity.argmax(1)));
}

TEST(PromptLearner, EvaluatesAsItTrainsApartFromTheMasks) {
    for (const auto& config : {support::tiny_l2p(), support::tiny_dualprompt()}) {
        const PromptLearner learner = learner_of(config);
        const TrainingBatch batch = batch_of(3);
        const Pass pass = learner.forward(batch);
        EXPECT_LT(largest(learner.logits(batch.images, pass.query, pass.prompt_idx) - pass.logits),
                  kFloatTolerance);
    }
}

TEST(PromptLearner, SetsTheHeadsColumnsToUnitNormWithWeightNorm) {
    config::Config config = support::tiny_l2p();
    config.weight_norm = true;
    PromptLearner learner = learner_of(config);
    for (const auto& [name, value] : learner.parameters()) {
        if (name != "head/kernel") continue;
        {
            const at::NoGradGuard no_grad;
            value.select(1, 4).zero_();
        }
        learner.begin_step();
        const Tensor norm = value.square().sum(0).sqrt();
        for (std::int64_t c = 0; c < kClasses; ++c)  // a fresh head's zeros stay
            EXPECT_NEAR(norm[c].item<double>(), c == 4 ? 0.0 : 1.0, kFloatTolerance);
    }
}

TEST(PromptLearner, ActsWithDropoutInTrainingByTheSeedOfTheStep) {
    auto checkpoint = support::tiny_checkpoint(3);
    checkpoint.survey.geometry.dropout = 0.1;
    const auto backbone =
        std::make_shared<const vit::Vit>(checkpoint, support::kTinyImage, vit::Gelu::kTanh);
    const PromptLearner learner(support::tiny_l2p(), backbone, kClasses, Rng(5));
    TrainingBatch batch = batch_of(3);
    batch.dropout_seed = 1;
    const Pass first = learner.forward(batch), again = learner.forward(batch);
    batch.dropout_seed = 2;
    const Pass other = learner.forward(batch);
    EXPECT_TRUE(at::equal(first.pre_logits, again.pre_logits));
    EXPECT_FALSE(at::equal(first.pre_logits, other.pre_logits));
    EXPECT_TRUE(at::equal(first.query, other.query));  // the query pass never drops
}

}  // namespace
}  // namespace promptcl::method
