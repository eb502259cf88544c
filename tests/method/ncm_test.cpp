// Nearest class mean by hand.
#include "promptcl/method/ncm.h"

#include "promptcl/core/error.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::method {
namespace {

constexpr double kFloatTolerance = 1e-6;

/// [n, 8] with ones at the given places.
Tensor unit_rows(std::vector<std::int64_t> places) {
    Tensor rows = at::zeros({static_cast<std::int64_t>(places.size()), 8});
    for (std::size_t i = 0; i < places.size(); ++i)
        rows[static_cast<std::int64_t>(i)][places[i]] = 1;
    return rows;
}

TEST(Ncm, ScoresTheCosineWithEachClassMean) {
    Ncm ncm(support::tiny_backbone(3), 3);
    // Class 0: mean of e0, e0, e1 = (2, 1)/3; class 2: e1.
    ncm.observe(unit_rows({0, 0, 1, 1}), tensor::from_ints(std::vector<std::int64_t>{0, 0, 0, 2}));
    const Tensor scores = ncm.logits({}, unit_rows({0}), {});
    EXPECT_NEAR(scores[0][0].item<double>(), 2 / std::sqrt(5.0), kFloatTolerance);
    EXPECT_NEAR(scores[0][2].item<double>(), 0.0, kFloatTolerance);
}

TEST(Ncm, ScoresAClassWithoutImagesBelowEveryOther) {
    Ncm ncm(support::tiny_backbone(3), 2);
    ncm.observe(unit_rows({0}), tensor::from_ints(std::vector<std::int64_t>{1}));
    const Tensor scores = ncm.logits({}, -0.9 * unit_rows({0}) + 0.1 * unit_rows({1}), {});
    EXPECT_EQ(scores[0][0].item<double>(), -1.0);
    EXPECT_EQ(scores[0].argmax().item<std::int64_t>(), 1);
}

TEST(Ncm, DoesNotCareHowTheImagesAreBatched) {
    Ncm at_once(support::tiny_backbone(3), 2), one_by_one(support::tiny_backbone(3), 2);
    const Tensor rows = unit_rows({0, 3, 5, 3});
    const std::vector<std::int64_t> labels = {1, 0, 1, 1};
    at_once.observe(rows, tensor::from_ints(labels));
    for (std::int64_t i = 0; i < 4; ++i) {
        one_by_one.observe(rows.narrow(0, i, 1),
                           tensor::from_ints(std::span(&labels[static_cast<std::size_t>(i)], 1)));
    }
    const Tensor query = at::ones({1, 8});
    EXPECT_TRUE(at::equal(at_once.logits({}, query, {}), one_by_one.logits({}, query, {})));
}

TEST(Ncm, LearnsInOnePassAndNeverByGradient) {
    Ncm ncm(support::tiny_backbone(3), 2);
    EXPECT_TRUE(ncm.learns_in_one_pass());
    EXPECT_TRUE(ncm.parameters().empty());
    EXPECT_FALSE(ncm.choose(at::ones({1, 8}), Choice::kInstance).defined());
    EXPECT_THROW(ncm.loss(TrainingBatch{}), Bug);
}

TEST(Ncm, KeepsSumsAndCountsInItsCheckpoint) {
    const auto state = Ncm(support::tiny_backbone(3), 5).state();
    ASSERT_EQ(state.size(), 2U);
    EXPECT_EQ(state[0].name, "ncm/sum");
    EXPECT_EQ(state[0].value.sizes().vec(), (std::vector<std::int64_t>{5, 8}));
    EXPECT_EQ(state[1].name, "ncm/count");
    EXPECT_EQ(state[1].value.sizes().vec(), (std::vector<std::int64_t>{5}));
}

TEST(Ncm, AsksTheFrozenBackbone) {
    const auto backbone = support::tiny_backbone(3);
    const Tensor images = support::tiny_images(2, 4);
    const Tensor query = Ncm(backbone, 2).query(images);
    EXPECT_TRUE(at::equal(query, backbone->cls(images)));
    EXPECT_FALSE(query.requires_grad());
}

}  // namespace
}  // namespace promptcl::method
