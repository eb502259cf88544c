// Trains with the tensor code and with straight loops in double side by side.
#include "promptcl/method/prompt_learner.h"
#include "promptcl/train/gradient_step.h"
#include "promptcl/train/optimizer.h"

#include "tests/support/naive_reference.h"
#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

namespace promptcl::method {
namespace {

using support::Ids;
using support::kTinyImage;
using support::NaiveBatch;
using support::NaivePass;
using support::NaiveReference;
using support::NaiveStep;
using support::NaiveVit;
using support::Parameters;
using support::Row;
using support::Values;

constexpr std::int64_t kImages = 4, kClasses = 6, kSteps = 4;
constexpr double kRate = 0.01;

/// float32 rounds at 6e-8; sums over tens of terms in three blocks leave about 1e-6 of the largest
/// number in a forward pass.
constexpr double kForwardTolerance = 1e-5;
/// The way back doubles the sums, and softmax and LayerNorm subtract numbers close to each other.
constexpr double kGradientTolerance = 1e-4;
/// Adam divides each gradient by its own size: an entry a thousand times smaller than the largest
/// keeps three digits fewer, and lr of that error goes into the parameter, at every step.
constexpr double kParameterTolerance = 5e-4;

struct World {
    config::Config config = support::tiny_l2p();
    TaskRules rules;
    Ids labels = {2, 3, 3, 2};
    std::int64_t replayed = 0;
};

struct Case {
    std::string name;
    std::function<void(World&)> change;
};

/// Whether an array agrees, by its largest error relative to the reference's largest magnitude.
void expect_close(const Row& actual, const Row& expected, double tolerance,
                  const std::string& what) {
    ASSERT_EQ(actual.size(), expected.size()) << what;
    double error = 0, magnitude = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        error = std::max(error, std::abs(actual[i] - expected[i]));
        magnitude = std::max(magnitude, std::abs(expected[i]));
    }
    // Where the reference is 0 throughout, its finite differences are so up to 1e-9.
    EXPECT_LE(error, tolerance * std::max(magnitude, 1e-4)) << what << ", largest " << magnitude;
}

void expect_close(const Tensor& actual, const support::Rows& expected, const std::string& what) {
    Row flat;
    for (const Row& row : expected)
        flat.insert(flat.end(), row.begin(), row.end());
    expect_close(tensor::to_doubles(actual), flat, kForwardTolerance, what);
}

NaiveBatch naive(const TrainingBatch& batch) {
    NaiveBatch result{.labels = tensor::to_ints(batch.labels),
                      .classes = batch.rules.classes,
                      .prompt_mask = batch.rules.prompt_mask,
                      .replayed = batch.replayed};
    for (std::int64_t b = 0; b < batch.images.size(0); ++b)
        result.images.push_back(tensor::to_doubles(batch.images[b]));
    return result;
}

/// The same start for both, in numbers that float32 holds.
Parameters start(const PromptLearner& learner, const config::Config& config) {
    Parameters initial =
        support::random_parameters(config, support::tiny_geometry(), kClasses, Rng(11));
    const at::NoGradGuard no_grad;
    EXPECT_EQ(learner.parameters().size(), initial.size());
    for (const auto& [name, value] : learner.parameters()) {
        Values& values = initial.at(name);
        EXPECT_EQ(values.shape, value.sizes().vec()) << name;
        value.copy_(at::tensor(values.data).reshape(value.sizes()));
        values.data = tensor::to_doubles(value);
    }
    return initial;
}

class TrainingParity : public ::testing::TestWithParam<Case> {};

TEST_P(TrainingParity, HoldsForFourSteps) {
    World world;
    GetParam().change(world);
    const auto& config = world.config;
    const bool erf = config.gelu == "erf";
    PromptLearner learner(config,
                          support::tiny_backbone(3, erf ? vit::Gelu::kErf : vit::Gelu::kTanh),
                          kClasses, Rng(5));
    NaiveReference reference(config, NaiveVit(support::tiny_checkpoint(3), kTinyImage, erf),
                             start(learner, config));
    train::Optimizer optimizer(config, learner.parameters());
    for (std::int64_t n = 0; n < kSteps; ++n) {
        SCOPED_TRACE("step " + std::to_string(n + 1));
        const TrainingBatch batch{
            .images = support::tiny_images(kImages, 100 + static_cast<std::uint64_t>(n)),
            .labels = tensor::from_ints(world.labels),
            .rules = world.rules,
            .replayed = world.replayed};
        const auto parts = train::split(batch, config.num_devices);
        if (!config.weight_norm) {
            for (const TrainingBatch& part : parts) {
                const Pass pass = learner.forward(part);
                const NaivePass expected = reference.forward(naive(part));
                if (pass.query.numel() > 0) expect_close(pass.query, expected.query, "query");
                expect_close(pass.pre_logits, expected.pre_logits, "pre_logits");
                expect_close(pass.logits, expected.logits, "logits");
                if (!config.use_e_prompt) continue;
                expect_close(pass.similarity, expected.similarity, "similarity");
                for (std::size_t b = 0; b < expected.prompt_idx.size(); ++b) {
                    EXPECT_EQ(tensor::to_ints(pass.prompt_idx[static_cast<std::int64_t>(b)]),
                              expected.prompt_idx[b]);
                }
                EXPECT_NEAR(pass.reduce_sim.item<double>(), expected.reduce_sim, kForwardTolerance);
            }
        }
        train::Gradients gradients = train::gradients_of(learner, parts);
        const NaiveStep expected = reference.differentiate(naive(batch));
        EXPECT_NEAR(gradients.stats.loss, expected.loss, kForwardTolerance * 10);
        EXPECT_NEAR(gradients.stats.cross_entropy, expected.cross_entropy, kForwardTolerance * 10);
        EXPECT_NEAR(gradients.stats.grad_norm, expected.grad_norm,
                    kGradientTolerance * expected.grad_norm);
        const auto parameters = learner.parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            expect_close(tensor::to_doubles(gradients.values[i]),
                         expected.gradients.at(parameters[i].name).data, kGradientTolerance,
                         "gradient of " + parameters[i].name);
        }
        train::clip(gradients, config.grad_clip_max_norm);
        optimizer.step(gradients.values, kRate);
        reference.update(expected, kRate);
        for (const auto& [name, value] : parameters) {
            expect_close(tensor::to_doubles(value), reference.parameters().at(name).data,
                         kParameterTolerance, name);
        }
    }
}

void vote(World& world) {
    world.config.prompt_pool_param.batchwise_prompt = true;
}

/// DualPrompt with these layers, G- and E-prompts in prefix form unless told otherwise.
void dualprompt(World& world, Ids general, Ids chosen) {
    world.config = support::tiny_dualprompt();
    world.config.g_prompt_layer_idx = std::move(general);
    world.config.e_prompt_layer_idx = std::move(chosen);
}

/// Task {2, 3} beside two replayed images of other classes, masked as the configuration says.
void replay(World& world, bool reverse) {
    vote(world);
    world.config.continual.replay_no_mask = true;
    world.config.continual.replay_reverse_mask = reverse;
    world.rules = rules_of_task(world.config, 0, {2, 3});
    world.labels = {2, 3, 0, 5};
    world.replayed = 2;
}

const Case kCases[] = {
    {"L2pByVote", vote},
    {"L2pInstanceWise", [](World&) {}},
    {"L2pAtTwoLayers",
     [](World& w) {
         vote(w);
         w.config.e_prompt_layer_idx = {0, 1};
     }},
    {"DualPromptApart",
     [](World& w) {
         dualprompt(w, {0}, {1, 2});
     }},
    {"DualPromptOnTheSameLayers",
     [](World& w) {
         dualprompt(w, {0, 1}, {0, 1});
     }},
    {"DualPromptOverlappingWithTwoPromptsByVote",
     [](World& w) {
         dualprompt(w, {0, 1, 2}, {1});
         w.config.prompt_pool_param.top_k = 2;
         vote(w);
     }},
    {"PrefixesOfThePoolAlone",
     [](World& w) {
         dualprompt(w, {0}, {0, 2});
         w.config.use_g_prompt = false;
         w.config.prompt_pool_param.top_k = 2;
     }},
    {"GeneralPrefixesAlone",
     [](World& w) {
         dualprompt(w, {0, 2}, {1});
         w.config.use_e_prompt = false;
     }},
    {"GeneralTokensAlone",
     [](World& w) {
         dualprompt(w, {0, 1}, {1});
         w.config.use_e_prompt = false;
         w.config.use_prefix_tune_for_g_prompt = false;
         w.config.vit_classifier = "prompt";
     }},
    {"GeneralTokensAndChosenTokens",
     [](World& w) {
         dualprompt(w, {0, 1}, {1});
         w.config.use_prefix_tune_for_g_prompt = false;
         w.config.use_prefix_tune_for_e_prompt = false;
     }},
    {"GeneralTokensAndChosenPrefixes",
     [](World& w) {
         dualprompt(w, {0, 1}, {1, 2});
         w.config.use_prefix_tune_for_g_prompt = false;
     }},
    {"GeneralPrefixesAndChosenTokens",
     [](World& w) {
         dualprompt(w, {0, 1}, {0});
         w.config.use_prefix_tune_for_e_prompt = false;
     }},
    {"HeadAlone",
     [](World& w) {
         w.config.use_e_prompt = false;
         w.config.vit_classifier = "token";
     }},
    {"HeadAloneOnTheMeanOfAllTokens",
     [](World& w) {
         w.config.use_e_prompt = false;
         w.config.vit_classifier = "gap";
     }},
    {"PromptMask",
     [](World& w) {
         vote(w);
         w.rules.prompt_mask = Ids{2, 3};
     }},
    {"TrainMask",
     [](World& w) {
         w.rules.classes = Ids{2, 3};
     }},
    {"ReplayUnmasked", [](World& w) { replay(w, false); }},
    {"ReplayMaskedTheOtherWayRoundOnTwoDevices",
     [](World& w) {
         replay(w, true);
         w.config.num_devices = 2;
     }},
    {"ReplayUnderTheTrainMask",
     [](World& w) {
         w.rules.classes = Ids{0, 2, 3};
         w.labels = {2, 3, 0, 0};
         w.replayed = 2;
     }},
    {"BothMasksWithPrefixes",
     [](World& w) {
         dualprompt(w, {0}, {1, 2});
         w.rules = {.classes = Ids{1, 2, 3}, .prompt_mask = Ids{4}};
     }},
    {"QueryMean", [](World& w) { w.config.prompt_pool_param.embedding_key = "mean"; }},
    {"QueryMax", [](World& w) { w.config.prompt_pool_param.embedding_key = "max"; }},
    {"QueryMeanAndMax", [](World& w) { w.config.prompt_pool_param.embedding_key = "mean_max"; }},
    {"PromptsAsTheirOwnKeys",
     [](World& w) {
         w.config.e_prompt_layer_idx = {0, 1};
         w.config.prompt_pool_param.prompt_key = false;
     }},
    {"PrefixesAsTheirOwnKeys",
     [](World& w) {
         dualprompt(w, {0}, {1, 2});
         w.config.prompt_pool_param.prompt_key = false;
     }},
    {"ClassifierToken", [](World& w) { w.config.vit_classifier = "token"; }},
    {"ClassifierGap", [](World& w) { w.config.vit_classifier = "gap"; }},
    {"ClassifierTokenAndPrompt", [](World& w) { w.config.vit_classifier = "token+prompt"; }},
    {"Temperature", [](World& w) { w.config.temperature = 0.25; }},
    {"NormPreLogits", [](World& w) { w.config.norm_pre_logits = true; }},
    {"WeightNorm", [](World& w) { w.config.weight_norm = true; }},
    {"NoPull", [](World& w) { w.config.pull_constraint = false; }},
    {"HalfPull", [](World& w) { w.config.pull_constraint_coeff = 0.5; }},
    {"WeightDecayWithAdam", [](World& w) { w.config.weight_decay = 0.3; }},
    {"WeightDecayWithAdamw",
     [](World& w) {
         w.config.optim = "adamw";
         w.config.weight_decay = 0.3;
     }},
    {"WeightDecayWithSgd",
     [](World& w) {
         w.config.optim = "sgd";
         w.config.weight_decay = 0.3;
     }},
    {"SgdWithOtherMomentum",
     [](World& w) {
         w.config.optim = "sgd";
         w.config.sgd_momentum = 0.5;
     }},
    {"TightClipping", [](World& w) { w.config.grad_clip_max_norm = 0.01; }},
    {"NoClipping",
     [](World& w) {
         w.config.optim = "sgd";
         w.config.grad_clip_max_norm = 0;
     }},
    {"TwoDevicesVoteForThemselves",
     [](World& w) {
         vote(w);
         w.config.num_devices = 2;
     }},
    {"TwoDevicesWithPrefixesAndSgd",
     [](World& w) {
         dualprompt(w, {0}, {1, 2});
         vote(w);
         w.config.num_devices = 2;
         w.config.optim = "sgd";
     }},
    {"PromptsBehindCls", [](World& w) { w.config.prompt_placement = "after_cls"; }},
    {"PromptsBehindClsAtTwoLayersReadWithCls",
     [](World& w) {
         w.config.prompt_placement = "after_cls";
         w.config.e_prompt_layer_idx = {0, 2};
         w.config.vit_classifier = "token+prompt";
     }},
    {"ClsReadInFrontOfPrompts",
     [](World& w) {
         w.config.prompt_placement = "after_cls";
         w.config.vit_classifier = "token";
     }},
    {"PromptsWithThePositionOfCls",
     [](World& w) {
         w.config.prompt_position_embedding = true;
         w.config.e_prompt_layer_idx = {0, 1};
     }},
    {"TokensOfBothKindsAsInThePort",
     [](World& w) {
         dualprompt(w, {0, 1}, {1});
         w.config.use_prefix_tune_for_g_prompt = false;
         w.config.use_prefix_tune_for_e_prompt = false;
         w.config.prompt_placement = "after_cls";
         w.config.prompt_position_embedding = true;
         w.config.gelu = "erf";
     }},
    {"ErfGelu", [](World& w) { w.config.gelu = "erf"; }},
};

INSTANTIATE_TEST_SUITE_P(Of, TrainingParity, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace promptcl::method
