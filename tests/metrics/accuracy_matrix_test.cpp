#include "promptcl/metrics/accuracy_matrix.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promptcl::metrics {
namespace {

constexpr std::int64_t kFirst = 0, kSecond = 1, kThird = 2;
constexpr double kRounding = 1e-12;

AccuracyMatrix three_tasks() {
    AccuracyMatrix a;
    a.record(kFirst, kFirst, 0.80);
    a.record(kFirst, kSecond, 0.90);
    a.record(kSecond, kSecond, 0.70);
    a.record(kFirst, kThird, 0.60);
    a.record(kSecond, kThird, 0.60);
    a.record(kThird, kThird, 0.50);
    return a;
}

TEST(AverageAccuracy, IsTheMeanOverTheTasksSeenSoFar) {
    const auto a = three_tasks();
    EXPECT_NEAR(a.average_accuracy(kFirst), 0.80, kRounding);
    EXPECT_NEAR(a.average_accuracy(kSecond), (0.90 + 0.70) / 2, kRounding);
    EXPECT_NEAR(a.average_accuracy(kThird), (0.60 + 0.60 + 0.50) / 3, kRounding);
}

TEST(Forgetting, ComparesWithTheBestEverReachedNotWithTheFirstScore) {
    EXPECT_NEAR(three_tasks().forgetting(kThird), (0.30 + 0.10) / 2, kRounding);
}

TEST(Forgetting, OfATaskThatKeepsImprovingIsZeroNotNegative) {
    EXPECT_EQ(three_tasks().forgetting(kSecond), 0.0);
}

TEST(Forgetting, AfterTheFirstTaskIsZero) {
    EXPECT_EQ(three_tasks().forgetting(kFirst), 0.0);
}

TEST(Forgetting, PassesOverEvaluationsThatWereSkipped) {
    AccuracyMatrix a;
    a.record(kFirst, kFirst, 0.8);
    a.record(kFirst, kThird, 0.6);
    a.record(kSecond, kThird, 0.4);
    EXPECT_NEAR(a.forgetting(kThird), (0.2 + 0.0) / 2, kRounding);
}

TEST(BackwardTransfer, ComparesWithTheScoreRightAfterLearning) {
    EXPECT_NEAR(three_tasks().backward_transfer(kSecond), 0.10, kRounding);
    EXPECT_NEAR(three_tasks().backward_transfer(kThird), (-0.20 - 0.10) / 2, kRounding);
}

TEST(LearningAccuracy, IsTheMeanOfTheDiagonal) {
    EXPECT_NEAR(three_tasks().learning_accuracy(kThird), (0.80 + 0.70 + 0.50) / 3, kRounding);
}

TEST(AccuracyMatrix, TellsARecordedEntryFromAMissingOne) {
    AccuracyMatrix a;
    EXPECT_EQ(a.at(kFirst, kSecond), std::nullopt);
    EXPECT_EQ(a.at(kFirst, kThird), std::nullopt);
    a.record(kFirst, kSecond, 0.0);
    EXPECT_EQ(a.at(kFirst, kSecond), 0.0);
    EXPECT_TRUE(a.has(kSecond));
    EXPECT_FALSE(a.has(kFirst));
    a.record(kThird, kSecond, 1.0);
    EXPECT_FALSE(a.has(kSecond));  // the entry between them is missing
}

TEST(AccuracyMatrix, KeepsTheLaterOfTwoRecordsOfAnEntry) {
    AccuracyMatrix a;
    a.record(kFirst, kFirst, 0.1);
    a.record(kFirst, kFirst, 0.2);
    EXPECT_EQ(a.at(kFirst, kFirst), 0.2);
}

TEST(AccuracyMatrix, ComesBackFromItsRowsWithTheMissingEntriesStillMissing) {
    AccuracyMatrix a;
    a.record(kFirst, kFirst, 0.5);
    a.record(kSecond, kSecond, 0.25);
    const auto copy = AccuracyMatrix::from_rows(a.rows());
    EXPECT_EQ(copy.tasks(), 2);
    EXPECT_EQ(copy.at(kFirst, kFirst), 0.5);
    EXPECT_EQ(copy.at(kFirst, kSecond), std::nullopt);
    EXPECT_EQ(copy.at(kSecond, kSecond), 0.25);
}

TEST(AccuracyMatrix, RefusesRowsOfAnythingButFractions) {
    EXPECT_THROW(AccuracyMatrix::from_rows({{50.0}}), Error);
    EXPECT_THROW(AccuracyMatrix::from_rows({{0.5}, {0.5, -0.1}}), Error);
}

TEST(AccuracyMatrix, IsTaskByTaskOnlyWithATestSetOfEachTask) {
    EXPECT_TRUE(three_tasks().is_task_by_task(kThird));
    const auto common = AccuracyMatrix::from_rows({{0.2}, {0.4}});
    EXPECT_FALSE(common.is_task_by_task(kSecond));
    const auto merged = AccuracyMatrix::from_rows({{0.2, 0.4}});
    EXPECT_FALSE(merged.is_task_by_task(kFirst));
    const auto skipped = AccuracyMatrix::from_rows({{}, {0.4, 0.4}});
    EXPECT_FALSE(skipped.is_task_by_task(kSecond));
}

TEST(AnytimeAccuracy, IsTheMeanOverTheEvaluationsMade) {
    EXPECT_NEAR(three_tasks().anytime_accuracy(kSecond), (0.80 + 0.80) / 2, kRounding);
    const auto common = AccuracyMatrix::from_rows({{}, {0.2}, {}, {0.6}});
    EXPECT_NEAR(common.anytime_accuracy(3), 0.4, kRounding);
}

TEST(AccuracyMatrix, HoldsItsUserToFractions) {
    AccuracyMatrix a;
    EXPECT_THROW(a.record(kFirst, kFirst, 83.0), Bug);
    EXPECT_THROW(a.record(kFirst, kFirst, std::numeric_limits<double>::quiet_NaN()), Bug);
    EXPECT_THROW(a.record(-1, kFirst, 0.5), Bug);
    EXPECT_THROW(static_cast<void>(a.average_accuracy(kFirst)), Bug);
}

}  // namespace
}  // namespace promptcl::metrics
