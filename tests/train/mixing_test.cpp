// A device's batch whose images are mixed before anything is asked of it.
#include "promptcl/train/mixing.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace promptcl::train {
namespace {

constexpr std::int64_t kClasses = 5;

/// Image i is i throughout and of class i.
method::TrainingBatch four_images() {
    return {
        .images = at::arange(4, at::kFloat).reshape({4, 1, 1, 1}).expand({4, 3, 8, 8}).contiguous(),
        .labels = at::arange(4),
        .dropout_seed = 9};
}

TEST(Mixed, MixesImagesAndTargetsAlike) {
    const method::TrainingBatch batch = four_images();
    const auto result = mixed(batch, {.mixup_alpha = 0.8}, kClasses, Rng(3));
    ASSERT_EQ(result.targets.sizes().vec(), (std::vector<std::int64_t>{4, kClasses}));
    EXPECT_FALSE(result.images.equal(batch.images));
    const Tensor means = at::matmul(result.targets, at::arange(kClasses, at::kFloat));
    EXPECT_LT((result.images - means.reshape({4, 1, 1, 1})).abs().max().item<double>(), 1e-6);
    EXPECT_TRUE(result.labels.equal(batch.labels));
    EXPECT_EQ(result.dropout_seed, 9U);
    EXPECT_TRUE(batch.images.equal(four_images().images));  // the given ones stay as they are
}

TEST(Mixed, GivesOneHotTargetsWhereNothingIsMixed) {
    const auto result = mixed(
        four_images(), {.mixup_alpha = 1, .smoothing = 0.1, .prob_to_apply = 0}, kClasses, Rng(3));
    EXPECT_TRUE(result.images.equal(four_images().images));
    EXPECT_TRUE(result.targets.equal(at::eye(kClasses).narrow(0, 0, 4)));
}

TEST(Mixed, RefusesReplayedImages) {
    method::TrainingBatch batch = four_images();
    batch.replayed = 1;
    EXPECT_THROW(mixed(batch, {.mixup_alpha = 1}, kClasses, Rng(3)), Bug);
}

}  // namespace
}  // namespace promptcl::train
