// What a predictor answers beside the learner that it was made of, on the plain path.
#include "promptcl/predict/predictor.h"
#include "promptcl/train/run_folder.h"

#include "tests/support/learner_case.h"
#include "tests/support/temporary_folder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <span>

namespace promptcl::predict {
namespace {

constexpr double kTolerance = 1e-5;  // of the largest logit, or of 1: float32 sums in another order

/// A classifier of what a method learnt, over the ViT in `file`.
model::Classifier classifier_of(const method::Method& learner, const config::Config& config,
                                const std::shared_ptr<const Backbone>& backbone) {
    model::Classifier result;
    result.backbone = {.geometry = backbone->geometry(),
                       .sha256 = backbone->sha256(),
                       .file = backbone->file().filename()};
    result.state.config = config;
    result.state.arrays = train::arrays_of(learner.state());
    const Tensor means = at::ones({support::kClassesOfCase, backbone->geometry().width});
    result.state.arrays["class/query"] = tensor::to_array(means);
    result.state.arrays["class/feature"] = tensor::to_array(means);
    result.state.arrays["class/images"] = tensor::to_array(at::ones({support::kClassesOfCase}));
    for (std::int64_t c = 0; c < support::kClassesOfCase; ++c)
        result.state.class_names.push_back("class " + std::to_string(c));
    return result;
}

void expect_parity(const support::LearnerCase& drawn, const config::Config& config) {
    const TemporaryFolder folder;
    support::write_checkpoint(folder / "vit.npz", drawn.checkpoint);
    const auto backbone =
        std::make_shared<const Backbone>(folder / "vit.npz", arithmetic_of(config), 2);
    auto learner = drawn.learner(drawn.plain);
    const Tensor images = drawn.batch.images.contiguous();
    if (learner->learns_in_one_pass()) learner->observe(learner->query(images), drawn.batch.labels);
    const Predictor predictor(backbone, classifier_of(*learner, config, backbone), "x.pcl");
    const Tensor query = learner->query(images);
    const Tensor chosen = learner->choose(query, method::Choice::kInstance);
    const Tensor expected = learner->logits(images, query, chosen);
    const double scale = std::max(1.0, expected.abs().max().item<double>());

    const auto count = images.size(0);
    const auto answers = predictor.answer(
        {images.data_ptr<float>(), static_cast<std::size_t>(images.numel())}, count);
    ASSERT_EQ(std::ssize(answers), count);
    for (std::int64_t i = 0; i < count; ++i) {
        const Answer& answer = answers[static_cast<std::size_t>(i)];
        EXPECT_EQ(answer.prompts,
                  chosen.defined() ? tensor::to_ints(chosen[i]) : std::vector<std::int64_t>{});
        const Tensor logits = tensor::from_floats(answer.logits, {std::ssize(answer.logits)});
        EXPECT_LE((logits - expected[i]).abs().max().item<double>(), kTolerance * scale);
    }
}

TEST(PredictorParity, HoldsForTheChoiceAndEveryLogitOfAnyPromptsOverAnyVit) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        SCOPED_TRACE(seed);
        const support::LearnerCase drawn(seed);
        expect_parity(drawn, drawn.config);
    }
}

TEST(PredictorParity, HoldsForWhatAHeadCanBe) {
    for (const auto& change : std::vector<void (*)(config::Config&)>{
             [](config::Config& config) { config.temperature = 0.5; },
             [](config::Config& config) { config.norm_pre_logits = true; },
             [](config::Config& config) { config.prompt_pool_param.prompt_key = false; },
             [](config::Config& config) { config.prompt_pool_param.embedding_key = "max"; },
             [](config::Config& config) { config.prompt_pool_param.embedding_key = "mean"; },
             [](config::Config& config) {  // a head on the frozen feature
                 config.use_e_prompt = config.use_g_prompt = false;
                 config.vit_classifier = "token";
             },
             [](config::Config& config) {  // the same of the mean over all tokens
                 config.use_e_prompt = config.use_g_prompt = false;
                 config.vit_classifier = "gap";
             },
             [](config::Config& config) { config.method = "ncm"; }}) {
        support::LearnerCase drawn(7);
        change(drawn.config);
        expect_parity(drawn, drawn.config);
    }
}

}  // namespace
}  // namespace promptcl::predict
