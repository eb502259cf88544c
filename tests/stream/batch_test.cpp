#include "promptcl/stream/batch.h"

#include "tests/stream/small_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace promptcl::stream {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr std::size_t kImage = 3 * 8 * 8;

std::vector<float> image_of(const Batch& batch, std::size_t k) {
    const auto first = batch.images.begin() + static_cast<std::ptrdiff_t>(k * kImage);
    return {first, first + kImage};
}

TEST(EvaluationBatch, HoldsTheImagesAskedForInOrder) {
    const auto dataset = grey_images({7, 8, 9});
    const auto batch =
        evaluation_batch(*dataset, data::Transform({.input_size = 8, .resize_size = 256}),
                         std::vector<std::int64_t>{2, 0});
    EXPECT_EQ(batch.size(), 2);
    EXPECT_THAT(batch.ids, ElementsAre(2, 0));
    EXPECT_THAT(batch.labels, ElementsAre(9, 7));
    ASSERT_EQ(batch.images.size(), 2 * kImage);
    EXPECT_THAT(image_of(batch, 0), Each(2 / 255.0f));
    EXPECT_THAT(image_of(batch, 1), Each(0.0f));
}

TEST(BatchWithoutImages, HoldsTheirLabelsAndPlaces) {
    const auto batch =
        batch_without_images(*grey_images({7, 8, 9}), std::vector<std::int64_t>{2, 0});
    EXPECT_THAT(batch.ids, ElementsAre(2, 0));
    EXPECT_THAT(batch.labels, ElementsAre(9, 7));
    EXPECT_TRUE(batch.images.empty());
}

TEST(TrainingBatch, AugmentsEveryPlaceOfTheBatchByItsOwnStream) {
    const auto dataset = grey_images({0, 1, 2});
    const data::Transform transform({.input_size = 8, .resize_size = 256});
    const Rng step_rng = Rng(4).fork("step", 17);
    const auto batch =
        training_batch(*dataset, transform, std::vector<std::int64_t>{1, 2, 2}, step_rng);
    std::vector<float> expected(kImage);
    transform.train(dataset->image(2), step_rng.fork("image", 1), expected);
    EXPECT_EQ(image_of(batch, 1), expected);
    transform.train(dataset->image(2), step_rng.fork("image", 2), expected);
    EXPECT_EQ(image_of(batch, 2), expected);
    EXPECT_THAT(batch.labels, ElementsAre(1, 2, 2));
}

}  // namespace
}  // namespace promptcl::stream
