// Queries from the patch embedding of the ViT in training, and the pull term that reaches it.
#include "promptcl/core/error.h"
#include "promptcl/method/prompt_learner.h"

#include "tests/support/message_of.h"
#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::method {
namespace {

using testing::HasSubstr;

config::Config keyed_by(const std::string& embedding_key) {
    config::Config config = support::tiny_l2p();
    config.prompt_pool_param.embedding_key = embedding_key;
    config.freeze_part = {"encoder", "cls"};
    return config;
}

PromptLearner learner_of(const config::Config& config) {
    return {config, support::tiny_backbone(3), 4, Rng(5)};
}

TrainingBatch two_images() {
    return {.images = support::tiny_images(2, 4),
            .labels = tensor::from_ints(std::vector<std::int64_t>{1, 3})};
}

Tensor parameter(const PromptLearner& learner, const std::string& name) {
    for (const auto& [own, value] : learner.parameters()) {
        if (own == name) return value;
    }
    throw Bug("no parameter " + name);
}

/// reduce_sim in double, with `shift` added to number `entry` of every query.
double reduced(const Pass& pass, const Tensor& keys, std::int64_t entry, double shift) {
    const auto unit = [](const Tensor& row) { return row / row.square().sum().sqrt(); };
    const Tensor wide_keys = keys.detach().to(at::kDouble);
    double sum = 0;
    for (std::int64_t b = 0; b < pass.query.size(0); ++b) {
        Tensor query = pass.query[b].detach().to(at::kDouble).clone();
        query[entry] += shift;
        for (std::int64_t n = 0; n < pass.prompt_idx.size(1); ++n)
            sum += unit(wide_keys[pass.prompt_idx[b][n].item<std::int64_t>()])
                       .dot(unit(query))
                       .item<double>();
    }
    return sum / static_cast<double>(pass.query.size(0));
}

// A bias of the patch embedding moves every patch by itself: their mean and their largest as much,
// max + 2 mean three times as much.
TEST(PatchQuery, GivesThePatchEmbeddingTheGradientOfThePullTerm) {
    constexpr double kDifference = 1e-5, kTolerance = 1e-4;
    for (const auto& [key, times] :
         {std::pair{"mean", 1.0}, std::pair{"max", 1.0}, std::pair{"mean_max", 3.0}}) {
        PromptLearner learner = learner_of(keyed_by(key));
        const Pass pass = learner.forward(two_images());
        pass.reduce_sim.backward();
        const Tensor gradient = parameter(learner, "embedding/bias").grad();
        const Tensor keys = parameter(learner, "prompt_pool/key");
        for (const std::int64_t entry : {0, 3, 7}) {
            const double slope = (reduced(pass, keys, entry, kDifference) -
                                  reduced(pass, keys, entry, -kDifference)) /
                                 (2 * kDifference);
            EXPECT_NEAR(gradient[entry].item<double>(), times * slope, kTolerance) << key;
        }
    }
}

TEST(PatchQuery, ComesFromTheEmbeddingInTrainingAndClsFromTheFrozenOne) {
    for (const auto& [key, moves] : {std::pair{"mean", true}, std::pair{"cls", false}}) {
        PromptLearner learner = learner_of(keyed_by(key));
        const Tensor images = support::tiny_images(2, 4);
        const Tensor before = learner.query(images).clone();
        const at::NoGradGuard no_grad;
        Tensor(parameter(learner, "embedding/bias")).add_(0.5);
        EXPECT_EQ(!at::equal(learner.query(images), before), moves) << key;
        EXPECT_EQ(learner.query_kind().constant, !moves) << key;
    }
}

TEST(PatchQuery, OfAFrozenEmbeddingIsConstant) {
    config::Config config = keyed_by("mean");
    config.freeze_part = {"encoder", "embedding", "cls"};
    EXPECT_TRUE(learner_of(config).query_kind().constant);
}

TEST(PatchQuery, CannotBeKeptWhileTheEmbeddingIsTrained) {
    config::Config config = keyed_by("max");
    config.query_augmentation = false;
    EXPECT_THAT(message_of<UsageError>([&] { learner_of(config); }),
                HasSubstr("query_augmentation = false keeps queries"));
}

TEST(WeightDecay, CountsTheBiasesOfQueryKeyAndValueAsTheOriginalsTwoDimensionalArrays) {
    config::Config config = support::tiny_l2p();
    config.freeze_part = {};
    config.weight_decay = 2;
    config.pull_constraint = false;
    PromptLearner learner = learner_of(config);
    const Loss loss = learner.loss(two_images());
    double squares = 0;
    for (const auto& [name, value] : learner.parameters()) {
        if (value.dim() > 1 || name.ends_with("qkv/bias"))
            squares += value.detach().to(at::kDouble).square().sum().item<double>();
    }
    EXPECT_NEAR((loss.total - loss.cross_entropy).item<double>(), squares, 1e-4 * squares);
    (loss.total - loss.cross_entropy).backward();
    const Tensor bias =
        parameter(learner, "Transformer/encoderblock_0/MultiHeadDotProductAttention_1/qkv/bias");
    EXPECT_TRUE(at::allclose(bias.grad(), 2 * bias.detach()));
    EXPECT_FALSE(parameter(learner, "head/bias").grad().defined() &&
                 parameter(learner, "head/bias").grad().abs().max().item<double>() > 0);
}

}  // namespace
}  // namespace promptcl::method
