#include "promptcl/method/train_mask.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace promptcl::method {
namespace {

using testing::ElementsAre;

constexpr double kInf = std::numeric_limits<double>::infinity();

/// A task of classes 1 and 2 among four, the last of three images replayed, and every logit 5:
/// the masked logits of an image of its own and of the replayed one.
struct Rows {
    std::vector<double> own, replayed;
};

Rows masked_rows(ReplayMask mask, bool train_mask = true) {
    TrainingBatch batch{.rules = {.replay_mask = mask}, .replayed = 1};
    if (train_mask) batch.rules.classes = {1, 2};
    const Tensor logits = masked(at::full({3, 4}, 5.0), batch);
    EXPECT_TRUE(logits[0].equal(logits[1]));
    return {tensor::to_doubles(logits[0]), tensor::to_doubles(logits[2])};
}

TEST(TrainMask, HidesWhatIsNotOfTheTaskFromReplayedImagesToo) {
    const Rows rows = masked_rows(ReplayMask::kTrainMask);
    EXPECT_THAT(rows.own, ElementsAre(-kInf, 5, 5, -kInf));
    EXPECT_THAT(rows.replayed, ElementsAre(-kInf, 5, 5, -kInf));
}

TEST(TrainMask, LeavesReplayedImagesAlone) {
    const Rows rows = masked_rows(ReplayMask::kNone);
    EXPECT_THAT(rows.own, ElementsAre(-kInf, 5, 5, -kInf));
    EXPECT_THAT(rows.replayed, ElementsAre(5, 5, 5, 5));
}

TEST(TrainMask, HidesTheTaskFromReplayedImages) {
    const Rows rows = masked_rows(ReplayMask::kReverse);
    EXPECT_THAT(rows.own, ElementsAre(-kInf, 5, 5, -kInf));
    EXPECT_THAT(rows.replayed, ElementsAre(5, -kInf, -kInf, 5));
}

TEST(TrainMask, HidesNothingWhenItIsOff) {
    const Rows rows = masked_rows(ReplayMask::kReverse, false);
    EXPECT_THAT(rows.own, ElementsAre(5, 5, 5, 5));
    EXPECT_THAT(rows.replayed, ElementsAre(5, 5, 5, 5));
}

TEST(TrainMask, SendsNoGradientThroughWhatItHides) {
    const Tensor logits = at::zeros({2, 3}).requires_grad_(true);
    const TrainingBatch batch{.rules = {.classes = {{0, 1}}, .replay_mask = ReplayMask::kReverse},
                              .replayed = 1};
    masked(logits, batch).softmax(1).select(1, 0).sum().backward();
    // Own row: softmax (1/2, 1/2, 0), d p0 / d logits = (1/4, -1/4, 0). Replayed row: (0, 0, 1).
    EXPECT_THAT(tensor::to_doubles(logits.grad()), ElementsAre(0.25, -0.25, 0, 0, 0, 0));
}

}  // namespace
}  // namespace promptcl::method
