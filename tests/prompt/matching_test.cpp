// Which prompts an image gets.
#include "promptcl/prompt/matching.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::prompt {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

constexpr double kFloatTolerance = 1e-6;

Tensor matrix(std::vector<float> values, std::int64_t columns) {
    const auto rows = static_cast<std::int64_t>(values.size()) / columns;
    return tensor::from_floats(values, {rows, columns});
}

Tensor picks(std::vector<std::int64_t> values, std::int64_t columns) {
    return tensor::from_ints(values).reshape({-1, columns});
}

TEST(Normalize, GivesRowsOfLengthOne) {
    EXPECT_TRUE(at::allclose(l2_normalize(matrix({3, 4, -5, 12}, 2)),
                             matrix({0.6f, 0.8f, -5.0f / 13, 12.0f / 13}, 2)));
}

TEST(Normalize, DividesShortRowsByAMillionth) {
    // sum x^2 = 1e-14 lies below 1e-12, whose root is 1e-6.
    EXPECT_NEAR(l2_normalize(matrix({1e-7f, 0}, 2))[0][0].item<double>(), 0.1, kFloatTolerance);
    EXPECT_TRUE(at::equal(l2_normalize(matrix({0, 0}, 2)), matrix({0, 0}, 2)));
}

TEST(Similarity, IsTheCosineOfEveryQueryWithEveryKey) {
    const Tensor query = matrix({2, 0, 1, 1}, 2), key = matrix({1, 0, 0, 3, -1, 0}, 2);
    const float half = std::sqrt(0.5f);
    EXPECT_TRUE(at::allclose(similarity(query, key), matrix({1, 0, -1, half, half, -half}, 3)));
}

TEST(Similarity, RefusesQueriesOfAnotherWidth) {
    EXPECT_THROW(similarity(at::zeros({2, 3}), at::zeros({4, 5})), Bug);
}

TEST(Nearest, ListsTheLargestFirst) {
    const Tensor index = nearest(matrix({0.1f, 0.9f, 0.5f, -1, 0.7f, -0.2f, -0.1f, 0.6f}, 4), 3);
    EXPECT_THAT(tensor::to_ints(index[0]), ElementsAre(1, 2, 0));
    EXPECT_THAT(tensor::to_ints(index[1]), ElementsAre(0, 3, 2));
}

TEST(Nearest, PrefersTheLowerIdAmongEquals) {
    EXPECT_THAT(tensor::to_ints(nearest(matrix({0.5f, 0.9f, 0.9f, 0.5f, 0.9f}, 5), 4)),
                ElementsAre(1, 2, 4, 0));
    EXPECT_THAT(tensor::to_ints(nearest(at::zeros({1, 40}), 3)), ElementsAre(0, 1, 2));
}

TEST(Nearest, RefusesMoreThanThePoolHas) {
    EXPECT_THROW(nearest(at::zeros({1, 4}), 5), Bug);
    EXPECT_THROW(nearest(at::zeros({1, 4}), 0), Bug);
}

TEST(MajorityVote, GivesEveryRowTheIdsPickedMostOften) {
    // Counts: id 3 three times, id 1 twice, ids 0, 2 and 4 once or never.
    const Tensor voted = majority_vote(picks({3, 1, 3, 0, 1, 3}, 2), 5);
    for (std::int64_t row = 0; row < 3; ++row)
        EXPECT_THAT(tensor::to_ints(voted[row]), ElementsAre(3, 1));
}

TEST(MajorityVote, PrefersTheLowerIdAmongEquallyFrequentOnes) {
    // Every id once but 2, which nobody picked.
    EXPECT_THAT(tensor::to_ints(majority_vote(picks({4, 3, 1, 0}, 2), 5)[0]), ElementsAre(0, 1));
}

TEST(MajorityVote, TakesUnpickedIdsByNumberWhenThePicksAreTooFew) {
    // Two rows agree on ids 6 and 2: exactly as many as are wanted. With one id alone in a pool of
    // three, the others follow with count 0.
    EXPECT_THAT(tensor::to_ints(majority_vote(picks({6, 2, 2, 6}, 2), 8)[0]), ElementsAre(2, 6));
    EXPECT_THAT(tensor::to_ints(majority_vote(picks({2, 2}, 2), 3)[0]), ElementsAre(2, 0));
}

TEST(IdsOfTask, AreTheTasksOwnSlots) {
    EXPECT_THAT(ids_of_task(0, 4, 10), Optional(ElementsAre(0, 1, 2, 3)));
    EXPECT_THAT(ids_of_task(1, 4, 10), Optional(ElementsAre(4, 5, 6, 7)));
    EXPECT_THAT(ids_of_task(9, 1, 10), Optional(ElementsAre(9)));
}

TEST(IdsOfTask, AreNoneWhenTheyLeaveThePool) {
    EXPECT_EQ(ids_of_task(2, 4, 10), std::nullopt);  // 8..11 of 10
    EXPECT_EQ(ids_of_task(10, 1, 10), std::nullopt);
}

TEST(ReducedSimilarity, IsTheMeanOverRowsOfTheSumOverChosenIds) {
    const Tensor similarity = matrix({0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f}, 3);
    // ((0.1 + 0.3) + (0.5 + 0.6)) / 2
    EXPECT_NEAR(reduced_similarity(similarity, picks({0, 2, 1, 2}, 2)).item<double>(), 0.75,
                kFloatTolerance);
}

TEST(ReducedSimilarity, HasAGradientForTheChosenKeysOnly) {
    const Tensor query = matrix({0, 2}, 2);
    const Tensor key = matrix({3, 4, 1, 0, 0, 1}, 2).requires_grad_(true);
    reduced_similarity(similarity(query, key), picks({0}, 1)).backward();
    // d(k.q/|k|)/dk = (q - (k.q)k/|k|^2) / |k| with q = (0, 1), k = (3, 4): ((0,1) - 4(3,4)/25) / 5
    EXPECT_TRUE(at::allclose(key.grad(), matrix({-0.096f, 0.072f, 0, 0, 0, 0}, 2)));
}

}  // namespace
}  // namespace promptcl::prompt
