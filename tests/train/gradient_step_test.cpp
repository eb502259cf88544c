// One step's gradients: devices, clipping, and losses that are no numbers.
#include "promptcl/train/gradient_step.h"

#include "promptcl/core/error.h"
#include "promptcl/train/pieces.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace promptcl::train {
namespace {

using method::TrainingBatch;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// loss = slope * mean(images) + sqrt(root) with slope [1], root [1] and `unused` [2]; the logits
/// favour class 1.
class Line final : public method::Method {
  public:
    std::vector<NamedTensor> parameters() const override {
        return {{"slope", slope}, {"root", root}, {"unused", unused}};
    }
    method::QueryKind query_kind() const override { return {}; }
    Tensor query(const Tensor& images) const override { return images; }
    Tensor choose(const Tensor&, method::Choice) const override { return {}; }
    Tensor logits(const Tensor& images, const Tensor&, const Tensor&) const override {
        return at::tensor({0.0f, 1.0f}).expand({images.size(0), 2});
    }
    void begin_step() override { ++begun; }
    method::Loss loss(const TrainingBatch& batch) override {
        const Tensor cross_entropy = (slope * batch.images.mean()).sum();
        return {.total = cross_entropy + root.sqrt().sum(),
                .cross_entropy = cross_entropy,
                .logits = logits(batch.images, {}, {})};
    }

    Tensor slope = at::full({1}, 2.0).requires_grad_(true);
    Tensor root = at::full({1}, 4.0).requires_grad_(true);
    Tensor unused = at::ones({2}).requires_grad_(true);
    int begun = 0;
};

TrainingBatch images_of(std::vector<float> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return {.images = tensor::from_floats(values, {count, 1, 1, 1}),
            .labels = at::arange(count) % 2};
}

Gradients gradients_with_norm_five() {
    return {.values = {at::full({1}, 3.0), at::full({1}, -4.0)}, .stats = {.grad_norm = 5}};
}

TEST(GradientsOf, MeasuresTheStep) {
    Line line;
    const Gradients result = gradients_of(line, {images_of({1, 2, 6})});
    EXPECT_EQ(line.begun, 1);
    EXPECT_EQ(result.stats.loss, 2 * 3 + 2);
    EXPECT_EQ(result.stats.cross_entropy, 6);
    EXPECT_EQ(result.stats.images, 3);
    EXPECT_NEAR(result.stats.accuracy, 1.0 / 3, 1e-12);  // labels 0 1 0, always 1 said
    ASSERT_EQ(result.values.size(), 3U);
    EXPECT_EQ(result.values[0].item<double>(), 3);
    EXPECT_EQ(result.values[1].item<double>(), 0.25);  // 1 / (2 sqrt 4)
    EXPECT_NEAR(result.stats.grad_norm, std::sqrt(9.0625), 1e-6);
}

TEST(GradientsOf, GivesAParameterThatNothingUsesZeros) {
    Line line;
    const Gradients result = gradients_of(line, {images_of({1})});
    EXPECT_EQ(result.values[2].sizes().vec(), (std::vector<std::int64_t>{2}));
    EXPECT_EQ(result.values[2].abs().max().item<double>(), 0);
}

TEST(GradientsOf, MeasuresAllPiecesOfALargeGradient) {
    Line line;
    line.slope = at::ones({2 * kPiece + 1}).requires_grad_(true);
    const Gradients result = gradients_of(line, {images_of({1})});  // of every slope: 1
    EXPECT_NEAR(result.stats.grad_norm, std::sqrt(2 * kPiece + 1 + 0.0625), 1e-9);
}

TEST(GradientsOf, AveragesOverTheDevices) {
    Line line;
    const Gradients result = gradients_of(line, {images_of({1, 3}), images_of({6, 8})});
    EXPECT_EQ(line.begun, 1);
    EXPECT_EQ(result.values[0].item<double>(), 4.5);
    EXPECT_EQ(result.stats.loss, 2 * 4.5 + 2);
    EXPECT_EQ(result.stats.images, 4);
    EXPECT_EQ(result.stats.accuracy, 0.5);
}

TEST(GradientsOf, StartsEachStepAtZero) {
    Line line;
    gradients_of(line, {images_of({1})});
    EXPECT_EQ(gradients_of(line, {images_of({5})}).values[0].item<double>(), 5);
}

TEST(GradientsOf, RefusesALossThatIsNoNumber) {
    Line line;
    for (const float bad :
         {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        EXPECT_THAT(message_of<Error>([&] {
                        gradients_of(line, {images_of({1, bad})});
                    }),
                    AllOf(HasSubstr("the loss is not finite"), HasSubstr("learning_rate")));
    }
}

TEST(GradientsOf, RefusesAGradientThatIsNoNumber) {
    Line line;
    {
        const at::NoGradGuard no_grad;
        line.root.zero_();  // its root is 0, with an infinite slope
    }
    EXPECT_THAT(message_of<Error>([&] { gradients_of(line, {images_of({1})}); }),
                HasSubstr("the gradient is not finite"));
}

TEST(Clip, ScalesAllGradientsToTheCommonNorm) {
    Gradients gradients = gradients_with_norm_five();
    clip(gradients, 1.0);
    const double factor = 1 / (5 + 1e-6);
    EXPECT_NEAR(gradients.values[0].item<double>(), 3 * factor, 1e-7);
    EXPECT_NEAR(gradients.values[1].item<double>(), -4 * factor, 1e-7);
    EXPECT_EQ(gradients.stats.grad_norm, 5);  // what is shown is the norm before
}

TEST(Clip, LeavesShorterGradientsAlone) {
    Gradients gradients = gradients_with_norm_five();
    clip(gradients, 5.1);
    EXPECT_EQ(gradients.values[0].item<double>(), 3);
}

TEST(Clip, IsSwitchedOffByZero) {
    Gradients gradients = gradients_with_norm_five();
    clip(gradients, 0);
    EXPECT_EQ(gradients.values[1].item<double>(), -4);
}

TEST(Split, GivesEachDeviceItsOwnImagesAndSeedAndAllTheSameRules) {
    TrainingBatch batch = images_of({1, 2, 3, 4, 5, 6});
    batch.labels = tensor::from_ints(std::vector<std::int64_t>{10, 20, 30, 40, 50, 60});
    batch.rules.classes = std::vector<std::int64_t>{7};
    const auto parts = split(batch, 3);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_THAT(tensor::to_ints(parts[0].labels), ElementsAre(10, 20));
    EXPECT_THAT(tensor::to_ints(parts[2].labels), ElementsAre(50, 60));
    EXPECT_THAT(tensor::to_ints(parts[1].images), ElementsAre(3, 4));
    EXPECT_NE(parts[0].dropout_seed, parts[1].dropout_seed);
    EXPECT_EQ(parts[2].rules.classes, batch.rules.classes);
}

TEST(Split, GivesEveryDeviceItsShareOfNewAndOfReplayedImages) {
    TrainingBatch batch = images_of({1, 2, 3, 4, 5, 6, 7, 8});
    batch.labels = tensor::from_ints(std::vector<std::int64_t>{10, 20, 30, 40, 50, 60, 70, 80});
    batch.replayed = 4;
    const auto parts = split(batch, 2);
    EXPECT_THAT(tensor::to_ints(parts[0].labels), ElementsAre(10, 20, 50, 60));
    EXPECT_THAT(tensor::to_ints(parts[1].labels), ElementsAre(30, 40, 70, 80));
    EXPECT_THAT(tensor::to_ints(parts[1].images), ElementsAre(3, 4, 7, 8));
    EXPECT_EQ(parts[1].replayed, 2);
}

TEST(GradientsOf, CountsAMixedImageAsOfItsLargestTarget) {
    Line line;
    TrainingBatch batch = images_of({1, 2, 6});  // labels 0 1 0, always 1 said
    batch.targets = at::tensor({0.4f, 0.6f, 0.3f, 0.7f, 0.5f, 0.5f}).reshape({3, 2});
    EXPECT_NEAR(gradients_of(line, {batch}).stats.accuracy, 2.0 / 3, 1e-12);
}

TEST(Split, GivesEachDeviceItsOwnTargets) {
    TrainingBatch batch = images_of({1, 2, 3, 4});
    EXPECT_FALSE(split(batch, 2)[1].targets.defined());
    batch.targets = at::arange(8).reshape({4, 2});
    EXPECT_THAT(tensor::to_ints(split(batch, 2)[1].targets.flatten()), ElementsAre(4, 5, 6, 7));
}

TEST(Split, RefusesABatchThatTheDevicesDoNotDivide) {
    EXPECT_THROW(split(images_of({1, 2, 3}), 2), Bug);
}

}  // namespace
}  // namespace promptcl::train
