// Which parameters are trained, and that their gradients are those of the loss.
#include "promptcl/core/error.h"
#include "promptcl/method/prompt_learner.h"
#include "promptcl/train/gradient_step.h"

#include "tests/support/message_of.h"
#include "tests/support/naive_vit.h"
#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::method {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kClasses = 4;

config::Config whole_vit() {
    config::Config config = support::tiny_l2p();
    config.use_e_prompt = false;
    config.vit_classifier = "token";
    config.freeze_part = {};
    return config;
}

PromptLearner learner_of(const config::Config& config) {
    PromptLearner learner(config, support::tiny_backbone(3), kClasses, Rng(5));
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : learner.state()) {
        if (name == "head/kernel")
            Tensor(value).copy_(at::sin(at::arange(value.numel())).reshape(value.sizes()));
    }
    return learner;
}

TrainingBatch two_images() {
    return {.images = support::tiny_images(2, 4), .labels = tensor::from_ints(Ids{1, 3})};
}

std::vector<std::string> names_of(const std::vector<NamedTensor>& tensors) {
    std::vector<std::string> names;
    for (const auto& [name, _] : tensors)
        names.push_back(name);
    return names;
}

TEST(FreezePart, LeavesWhatItsWordsNameOutOfTraining) {
    config::Config config = whole_vit();
    config.freeze_part = {"Dense_0", "cls", "bias"};
    const auto trained = names_of(learner_of(config).parameters());
    EXPECT_THAT(trained, Each(Not(HasSubstr("Dense_0"))));
    EXPECT_THAT(trained, Each(Not(HasSubstr("bias"))));
    EXPECT_THAT(trained, Contains("Transformer/encoderblock_1/MlpBlock_3/Dense_1/weight"));
    EXPECT_THAT(trained, Contains("head/kernel"));
}

TEST(FreezePart, ReachesPromptsAndHeadToo) {
    config::Config config = support::tiny_l2p();
    config.freeze_part = {"Transformer", "embedding", "cls", "prompt_pool", "bias"};
    PromptLearner learner = learner_of(config);
    EXPECT_THAT(names_of(learner.parameters()), testing::ElementsAre("head/kernel"));
    EXPECT_THAT(names_of(learner.state()), Contains("prompt_pool/prompt"));
}

TEST(FreezePart, RefusesAWordThatNamesNothingAndWordsThatNameAll) {
    const auto refusal = [](std::vector<std::string> words) {
        config::Config config = whole_vit();
        config.freeze_part = std::move(words);
        return message_of<UsageError>([&] { learner_of(config); });
    };
    EXPECT_THAT(refusal({"encodr"}), HasSubstr("\"encodr\""));
    EXPECT_THAT(refusal({"Transformer", "embedding", "cls", "head"}),
                HasSubstr("nothing to train"));
}

TEST(TrainedVit, LeavesTheQueriesOfTheFrozenViTAlone) {
    config::Config config = support::tiny_l2p();
    config.freeze_part = {};
    PromptLearner learner = learner_of(config);
    const auto images = support::tiny_images(2, 4);
    const Tensor before = learner.query(images).clone();
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : learner.parameters())
        Tensor(value).add_(0.1);
    EXPECT_TRUE(at::equal(learner.query(images), before));
    EXPECT_FALSE(at::allclose(learner.vit().cls(images), before));
}

TEST(TrainedVit, IsWhatEvaluationLooksThrough) {
    PromptLearner learner = learner_of(whole_vit());
    const auto images = support::tiny_images(2, 4);
    const Tensor query = learner.query(images);
    EXPECT_EQ(query.size(1), 0);  // asks the frozen ViT nothing
    const Tensor before = learner.logits(images, query, {}).clone();
    const at::NoGradGuard no_grad;
    for (const auto& [name, value] : learner.parameters()) {
        if (name == "cls") Tensor(value).mul_(-2);
    }
    EXPECT_FALSE(at::allclose(learner.logits(images, query, {}), before));
}

/// The loss of two_images() in plain double loops, with one number of the file changed.
double naive_loss(backbone::Checkpoint checkpoint, const std::string& array, std::size_t entry,
                  double difference, const Tensor& kernel) {
    auto values = checkpoint.arrays.at(array).as_float();
    values[entry] += static_cast<float>(difference);
    checkpoint.arrays[array] =
        io::Array::of(std::span<const float>(values), checkpoint.arrays.at(array).shape);
    const support::NaiveVit vit(checkpoint, support::kTinyImage, /*erf_gelu=*/false);
    const TrainingBatch batch = two_images();
    double loss = 0;
    for (std::int64_t i = 0; i < 2; ++i) {
        const auto image = tensor::to_doubles(batch.images[i]);
        const auto cls = vit.forward(support::Row(image.begin(), image.end()), {}).rows.front();
        support::Row logits(kClasses, 0.0);
        for (std::int64_t c = 0; c < kClasses; ++c) {
            for (std::size_t d = 0; d < cls.size(); ++d)
                logits[static_cast<std::size_t>(c)] +=
                    cls[d] * kernel[static_cast<std::int64_t>(d)][c].item<double>();
        }
        double sum = 0;
        for (const double logit : logits)
            sum += std::exp(logit);
        loss += (std::log(sum) - logits[static_cast<std::size_t>(batch.labels[i].item<int>())]) / 2;
    }
    return loss;
}

// Central differences of the float32 weights by 2^-9, exact in both directions for numbers of their
// size; what is left is the third derivative, about 1e-4 of the largest gradient of an array.
TEST(TrainedVit, GetsTheGradientsThatCentralDifferencesGive) {
    constexpr double kDifference = 1.0 / 512, kTolerance = 2e-3;
    PromptLearner learner = learner_of(whole_vit());
    learner.loss(two_images()).total.backward();
    vit::Weights gradients = learner.vit().weights();
    gradients.visit([](const std::string&, Tensor& weight) { weight = weight.grad(); });
    const auto checkpoint = support::tiny_checkpoint(3);
    Tensor kernel;
    for (const auto& [name, value] : learner.parameters()) {
        if (name == "head/kernel") kernel = value.detach();
    }
    for (const auto& [array, gradient] : vit::to_arrays(gradients, support::tiny_geometry())) {
        const auto actual = gradient.as_float();
        double largest = 0;
        for (const float value : actual)
            largest = std::max(largest, std::abs(static_cast<double>(value)));
        for (const std::size_t entry : {std::size_t{0}, actual.size() / 2, actual.size() - 1}) {
            const double up = naive_loss(checkpoint, array, entry, kDifference, kernel);
            const double down = naive_loss(checkpoint, array, entry, -kDifference, kernel);
            EXPECT_NEAR(actual[entry], (up - down) / (2 * kDifference),
                        kTolerance * std::max(largest, 1e-3))
                << array << " " << entry;
        }
    }
}

// The original's norm counts the frozen weights' gradients: as if everything were trained.
TEST(GradClipScope, AllCountsTheFrozenWeightsAsIfTheyWereTrained) {
    config::Config frozen = support::tiny_l2p(), trained = frozen;
    frozen.grad_clip_scope = "all";
    trained.freeze_part = {};
    PromptLearner one = learner_of(frozen), other = learner_of(trained);
    const auto all = train::gradients_of(one, {two_images()});
    const auto everything = train::gradients_of(other, {two_images()});
    EXPECT_NEAR(all.stats.grad_norm, everything.stats.grad_norm, 1e-5 * all.stats.grad_norm);
    EXPECT_EQ(all.values.size(), 4U);  // but updates only what is trained

    frozen.grad_clip_scope = "trainable";
    PromptLearner plain = learner_of(frozen);
    EXPECT_LT(train::gradients_of(plain, {two_images()}).stats.grad_norm, all.stats.grad_norm);
}

}  // namespace
}  // namespace promptcl::method
