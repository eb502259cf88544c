#include "promptcl/report/confusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::ElementsAre;

Prediction made(std::int64_t task, std::int64_t label, std::int64_t predicted) {
    return {.task = task, .label = label, .predicted = predicted};
}

TEST(TaskConfusion, CountsTheTaskOfThePredictedClass) {
    // Classes 0 and 1 are of task 0, 2 and 3 of task 1; nobody has learnt class 9.
    const auto outcomes = task_confusion(
        {made(0, 0, 0), made(0, 1, 0), made(0, 0, 2), made(0, 0, 9), made(1, 2, 2), made(1, 3, 3)});
    ASSERT_TRUE(outcomes.has_value());
    ASSERT_EQ(outcomes->size(), 2U);
    EXPECT_THAT((*outcomes)[0].taken_for, ElementsAre(2, 1));
    EXPECT_EQ((*outcomes)[0].right, 1);
    EXPECT_EQ((*outcomes)[0].unknown, 1);
    EXPECT_EQ((*outcomes)[0].images, 4);
    EXPECT_THAT((*outcomes)[1].taken_for, ElementsAre(0, 2));
    EXPECT_EQ((*outcomes)[1].right, 2);
}

TEST(TaskConfusion, IsNothingWhereTasksShareClassesOrATestSet) {
    EXPECT_FALSE(task_confusion({made(0, 0, 0), made(1, 0, 0)}).has_value());
    EXPECT_FALSE(task_confusion({made(0, 0, 0), made(0, 1, 0)}).has_value());
    EXPECT_FALSE(task_confusion({}).has_value());
}

TEST(ConfusedClasses, AreTheMostFrequentMistakesFirst) {
    const auto pairs = confused_classes(
        {made(0, 0, 1), made(0, 1, 0), made(0, 1, 0), made(0, 1, 1), made(0, 2, 0)}, 2);
    ASSERT_EQ(pairs.size(), 2U);
    EXPECT_EQ(pairs[0].label, 1);
    EXPECT_EQ(pairs[0].predicted, 0);
    EXPECT_EQ(pairs[0].count, 2);
    EXPECT_EQ(pairs[0].images, 3);
    EXPECT_EQ(pairs[1].label, 0);  // before class 2, which errs as often
}

}  // namespace
}  // namespace promptcl::report
