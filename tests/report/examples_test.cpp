#include "promptcl/report/examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::ElementsAre;

Prediction made(std::int64_t id, std::int64_t task, bool right, double confidence) {
    return {.image_id = id,
            .task = task,
            .label = 1,
            .predicted = right ? 1 : 0,
            .confidence = confidence};
}

std::vector<std::int64_t> ids(const std::vector<Example>& examples) {
    std::vector<std::int64_t> all;
    for (const Example& example : examples)
        all.push_back(example.made.image_id);
    return all;
}

TEST(Examples, AreTheSurestOfEveryTaskWrongAndRight) {
    const auto examples =
        choose_examples({made(1, 0, false, 0.2), made(2, 0, false, 0.9), made(3, 0, false, 0.5),
                         made(4, 0, true, 0.1), made(5, 1, true, 0.4), made(6, 1, true, 0.8),
                         made(7, 1, true, 0.6)},
                        4);
    EXPECT_THAT(ids(examples.wrong), ElementsAre(2, 3));
    EXPECT_THAT(ids(examples.right), ElementsAre(4, 6, 7));
}

TEST(Examples, AreOfAsManyClassesAsThereAre) {
    auto other = made(3, 0, false, 0.1);
    other.label = 2;
    const auto examples =
        choose_examples({made(1, 0, false, 0.9), made(2, 0, false, 0.8), other}, 2);
    EXPECT_THAT(ids(examples.wrong), ElementsAre(1, 3));
}

TEST(Examples, AreNoMoreThanThereIsRoomForHoweverManyTasks) {
    std::vector<Prediction> predictions;
    for (std::int64_t task = 0; task < 50; ++task)
        predictions.push_back(made(task, task, false, 0.5));
    EXPECT_EQ(choose_examples(predictions, 20).wrong.size(), 20U);
}

}  // namespace
}  // namespace promptcl::report
