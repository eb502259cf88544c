#include "promptcl/report/curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::report {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointwise;

std::vector<double> places(const std::vector<CurvePoint>& curve) {
    std::vector<double> tasks;
    for (const CurvePoint& point : curve)
        tasks.push_back(point.tasks);
    return tasks;
}

/// A task of 10 steps and one of 40, logged every fifth and every tenth.
io::LoggedEvents two_tasks() {
    io::LoggedEvents events;
    for (const std::int64_t step : {5, 10, 20, 30, 40, 50}) {
        events.scalars.push_back({"task_id", step, step <= 10 ? 0.0 : 1.0});
        events.scalars.push_back({"loss", step, static_cast<double>(step)});
    }
    return events;
}

TEST(TrainingCurve, PutsEveryTaskOnOneUnitOfTheAxisHoweverManyStepsItHas) {
    EXPECT_THAT(places(training_curve(two_tasks(), "loss")),
                Pointwise(DoubleEq(), {0.5, 1.0, 1.25, 1.5, 1.75, 2.0}));
}

TEST(TrainingCurve, LeavesOutWhatIsNotFiniteAndOtherTags) {
    auto events = two_tasks();
    events.scalars[1].value = std::nan("");
    EXPECT_THAT(places(training_curve(events, "loss")), testing::SizeIs(5));
    EXPECT_THAT(training_curve(events, "l2_grads"), IsEmpty());
    EXPECT_THAT(training_curve({}, "loss"), IsEmpty());
}

TEST(Thinned, IsTheMeanOfPointsThatFollowEachOther) {
    const auto curve = thinned(training_curve(two_tasks(), "loss"), 3);
    ASSERT_EQ(curve.size(), 3U);
    EXPECT_DOUBLE_EQ(curve[0].value, 7.5);
    EXPECT_DOUBLE_EQ(curve[0].tasks, 0.75);
    EXPECT_EQ(curve[0].step, 10);
    EXPECT_EQ(thinned(curve, 3).size(), 3U);
    EXPECT_THAT(thinned({}, 3), IsEmpty());
}

}  // namespace
}  // namespace promptcl::report
