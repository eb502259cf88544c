// What a method is shown when it is evaluated.
#include "promptcl/train/evaluation.h"

#include "promptcl/input/batch_tensor.h"

#include "tests/stream/small_world.h"
#include "tests/support/other_vit.h"
#include "tests/support/temporary_folder.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::train {
namespace {

using ::testing::ElementsAre;

/// Keeps the images that it is shown, and gives every image to class 0.
class Witness : public method::Method {
  public:
    std::vector<NamedTensor> parameters() const override { return {}; }
    method::QueryKind query_kind() const override { return {.name = "cls", .width = 1}; }
    Tensor query(const Tensor& images) const override {
        ++queries;
        return at::zeros({images.size(0), 1});
    }
    Tensor choose(const Tensor& query, method::Choice) const override {
        votes.push_back(query.size(0));
        return {};
    }
    Tensor logits(const Tensor& images, const Tensor& query, const Tensor&) const override {
        if (images.defined()) seen.push_back(images);
        return at::eye(3).narrow(0, 0, 1).expand({query.size(0), 3});
    }
    method::Loss loss(const method::TrainingBatch&) override { return {}; }

    bool reads_images() const override { return reads; }

    bool reads = true;
    mutable std::vector<Tensor> seen;
    mutable std::vector<std::int64_t> votes;  // images that were asked for a choice together
    mutable int queries = 0;
};

constexpr data::FeatureShape kShape{.images = 6, .width = 1};

class Evaluation : public ::testing::Test {
  protected:
    Evaluation() {
        run_.data = stream::small_world(3, 0, 2);
        run_.backbone = std::make_shared<support::OtherVit>(support::tiny_backbone(1));
        config_.images.input_size = config_.images.resize_size = 8;
        config_.per_device_batch_size = 4;
        config_.num_workers = 1;
        run_.stream.tests = {{.classes = {0, 1, 2}, .images = {0, 1, 2, 3, 4, 5}}};
    }
    /// The images of two evaluations, one after the other.
    std::vector<Tensor> shown(const Witness& witness) {
        Evaluator evaluator(run_, data::FeatureCache(kShape));
        for (int i = 0; i < 2; ++i)
            last_ = *evaluator.evaluate(witness, 0, Mode::kConfigured);
        return witness.seen;
    }

    Experiment run_;
    config::Config& config_ = run_.config;
    TestScore last_;
};

TEST_F(Evaluation, ShowsEveryImageAsItIs) {
    const auto seen = shown(Witness());
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen[1].size(0), 2);
    for (std::int64_t k = 0; k < 4; ++k)
        EXPECT_TRUE(at::allclose(seen[0][k], at::full({3, 8, 8}, static_cast<double>(k) / 255)));
    EXPECT_EQ(last_.images, 6);
    EXPECT_NEAR(last_.configured.accuracy, 2.0 / 6, 1e-12);
}

TEST_F(Evaluation, ShowsNoPixelsAgainToAMethodThatReadsTheQueryAlone) {
    Witness witness;
    witness.reads = false;
    EXPECT_EQ(shown(witness).size(), 2U);  // batches of the first evaluation, whose query was asked
    EXPECT_EQ(witness.queries, 2);
    EXPECT_NEAR(last_.configured.accuracy, 2.0 / 6, 1e-12);
}

TEST_F(Evaluation, AsksNothingThatAnotherRunAskedBefore) {
    const TemporaryFolder folder;
    for (const int queries : {2, 0}) {
        const Witness witness;
        Evaluator evaluator(run_,
                            data::FeatureCache(folder.path(), "grey-test", "the same", kShape));
        evaluator.evaluate(witness, 0, Mode::kConfigured);
        EXPECT_EQ(witness.queries, queries);
    }
}

TEST_F(Evaluation, ShowsSoManyImagesAtOnceAsTheBackboneAsksForButVotesByTheBatch) {
    const Witness witness;
    run_.backbone = std::make_shared<support::OtherVit>(support::tiny_backbone(1), 0, 9);
    const auto seen = shown(witness);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].size(0), 6);
    EXPECT_EQ(witness.queries, 1);
    EXPECT_THAT(witness.votes, ElementsAre(4, 2, 4, 2));
    EXPECT_NEAR(last_.configured.accuracy, 2.0 / 6, 1e-12);
}

TEST_F(Evaluation, GivesTheSameWithBatchesTogether) {
    config_ = support::tiny_l2p();
    config_.images.resize_size = 8;
    config_.per_device_batch_size = 2;
    config_.prompt_pool_param.batchwise_prompt = true;
    run_.stream.num_classes = 3;
    std::vector<std::vector<BatchPrediction>> seen(2);
    for (const std::int64_t together : {0, 5}) {
        run_.backbone = std::make_shared<support::OtherVit>(support::tiny_backbone(1), 0, together);
        const auto method = run_.new_method();
        for (const auto& [name, value] : method->parameters()) {
            if (name == "head/kernel") value.detach().copy_(at::arange(24).view({8, 3}).sin());
        }
        Evaluator evaluator(run_, data::FeatureCache({.images = 6, .width = 8}));
        evaluator.evaluate(*method, 0, Mode::kBoth, {}, [&](const BatchPrediction& prediction) {
            seen[together == 0 ? 0 : 1].push_back(prediction);
        });
    }
    ASSERT_EQ(seen[0].size(), 3U);
    ASSERT_EQ(seen[1].size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const BatchPrediction &alone = seen[0][i], &together = seen[1][i];
        EXPECT_EQ(together.image_ids, alone.image_ids);
        EXPECT_TRUE(together.labels.equal(alone.labels));
        EXPECT_TRUE(together.prompt_idx.equal(alone.prompt_idx));
        EXPECT_TRUE(together.instance_prompt_idx.equal(alone.instance_prompt_idx));
        EXPECT_TRUE(at::allclose(together.logits, alone.logits, 1e-4, 1e-5));
        EXPECT_TRUE(at::allclose(together.instance_logits, alone.instance_logits, 1e-4, 1e-5));
    }
}

TEST_F(Evaluation, LeavesOutTheLastPartialBatchWhenAskedTo) {
    config_.evaluation.eval_drop_remainder = true;
    EXPECT_EQ(shown(Witness()).size(), 2U);
    EXPECT_EQ(last_.images, 4);
}

TEST_F(Evaluation, CountsTheImagesOfSoManyBatchesOfAllDevices) {
    config_.evaluation.num_eval_steps = 1;
    EXPECT_EQ(shown(Witness()).size(), 2U);
    EXPECT_EQ(last_.images, 4);
    config_.num_devices = 2;  // a batch of all devices holds 8 images, the test set 6
    EXPECT_EQ(shown(Witness()).size(), 4U);
    EXPECT_EQ(last_.images, 6);
}

TEST_F(Evaluation, LetsAnImageOfZerosFillTheLastBatchOfAVoteAndNotOfTheScore) {
    config_.use_e_prompt = config_.prompt_pool_param.batchwise_prompt = true;
    config_.evaluation.eval_pad_last_batch = true;
    Evaluator evaluator(run_, data::FeatureCache(kShape));
    const Witness witness;
    last_ = *evaluator.evaluate(witness, 0, Mode::kBoth);
    EXPECT_THAT(witness.votes, ElementsAre(4, 4, 4, 2));  // as configured, and each for itself
    EXPECT_EQ(last_.images, 6);
    EXPECT_NEAR(last_.configured.accuracy, 2.0 / 6, 1e-12);
}

TEST_F(Evaluation, ShowsAugmentedImagesWhenAskedToAlwaysTheSame) {
    config_.evaluation.eval_train_augmentation = true;
    const Witness witness;
    const auto seen = shown(witness);
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_TRUE(at::equal(seen[0], seen[2]));
    EXPECT_TRUE(at::equal(seen[1], seen[3]));
    EXPECT_EQ(witness.queries, 2);  // of the two batches, once
    const data::Transform transform({.input_size = 8, .resize_size = 8});
    stream::Batch expected =
        stream::training_batch(*run_.data.test, transform, std::vector<std::int64_t>{4, 5},
                               Rng(42).fork("evaluation", 0).fork("batch", 1));
    EXPECT_TRUE(at::equal(seen[1], input::take_images(expected, 8)));
}

TEST(TakeImages, HandsThePixelsOverAsTheyLie) {
    stream::Batch batch{.images = std::vector<float>(2 * 3 * 2 * 2, 0.5F), .labels = {1, 2}};
    const float* pixels = batch.images.data();
    const Tensor images = input::take_images(batch, 2);
    EXPECT_EQ(images.data_ptr<float>(), pixels);
    EXPECT_EQ(images.sizes().vec(), (std::vector<std::int64_t>{2, 3, 2, 2}));
    EXPECT_TRUE(batch.images.empty());
    EXPECT_FALSE(input::take_images(batch, 2).defined());
}

}  // namespace
}  // namespace promptcl::train
