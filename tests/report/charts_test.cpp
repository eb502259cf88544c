// The specifications that Vega gets, as far as they hold numbers.
#include "promptcl/report/page/bar_chart.h"
#include "promptcl/report/page/heat_map.h"
#include "promptcl/report/page/line_chart.h"
#include "promptcl/report/page/pair_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;
using Strings = std::vector<std::string>;

const Json& rows_of(const Json& spec) {
    return spec.at("data").at(0).at("values");
}

TEST(LineChart, HasAPointForEachValueWithItsRunAndDash) {
    const Json spec =
        spec_of(LineChart{.x_title = "tasks learnt",
                          .x_first = 1,
                          .x_last = 3,
                          .unit = Unit::kPercent,
                          .series = {{.name = "a", .run = 0, .points = {{1, 0.5}, {3, 0.25}}},
                                     {.name = "b", .run = 4, .dashed = true, .points = {{2, 1}}}}});
    ASSERT_EQ(rows_of(spec).size(), 3U);
    EXPECT_EQ(rows_of(spec)[1].at("x"), 3);
    EXPECT_EQ(rows_of(spec)[1].at("y"), 0.25);
    EXPECT_EQ(rows_of(spec)[1].at("tooltip"), "a, tasks learnt 3: 25.00 %");
    EXPECT_EQ(rows_of(spec)[2].at("dashed"), true);
    EXPECT_EQ(spec.at("scales").at(2).at("domain"), Json({0, 4}));
    EXPECT_EQ(spec.at("scales").at(2).at("range"), Json({"var(--run-0)", "var(--run-4)"}));
    EXPECT_EQ(spec.at("axes").at(1).at("values"), Json({1.0, 2.0, 3.0}));
}

TEST(LineChart, MarksNoMoreWholeNumbersThanThereIsRoomFor) {
    const Json spec = spec_of(LineChart{.x_title = "tasks", .x_first = 0, .x_last = 200});
    EXPECT_LE(spec.at("axes").at(1).at("values").size(), 13U);
}

HeatMap small_map() {
    return {.x_title = "test set of task",
            .y_title = "after task",
            .columns = {"1", "2"},
            .rows = {"1", "2"},
            .values = {{0.5}, {std::nan(""), 1.0}},
            .ramp = Ramp::kFraction};
}

TEST(HeatMap, LeavesWhatIsMissingBlank) {
    const Json spec = spec_of(small_map());
    ASSERT_EQ(rows_of(spec).size(), 2U);
    EXPECT_EQ(rows_of(spec)[0].at("text"), "50");
    EXPECT_EQ(rows_of(spec)[1].at("tooltip"), "after task 2, test set of task 2: 100.00 %");
    EXPECT_THAT(numbers_of(small_map()).rows,
                ElementsAre(Strings{"1", "50.00 %", "-"}, Strings{"2", "-", "100.00 %"}));
}

TEST(HeatMap, HasOneColourAndOneInkForEachStep) {
    for (const Ramp ramp : {Ramp::kFraction, Ramp::kCosine}) {
        HeatMap map = small_map();
        map.ramp = ramp;
        const Json spec = spec_of(map);
        for (const std::size_t scale : {2U, 3U}) {
            EXPECT_EQ(spec.at("scales").at(scale).at("domain").size() + 1,
                      spec.at("scales").at(scale).at("range").size());
        }
    }
    EXPECT_EQ(spec_of(small_map()).at("scales").at(2).at("range").at(9), "var(--heat-9)");
}

TEST(HeatMap, GrowsWithItsCellsUpToAWidth) {
    HeatMap map = small_map();
    const double small = spec_of(map).at("width");
    map.columns = counted(200);
    EXPECT_GT(spec_of(map).at("width").get<double>(), small);
    EXPECT_LT(spec_of(map).at("width").get<double>(), 2000);
}

TEST(BarChart, PutsPartsEndToEnd) {
    const BarChart chart{.x_title = "seconds",
                         .y_title = "run",
                         .unit = "s",
                         .parts = {{"training", "red"}, {"evaluation", "blue"}},
                         .rows = {"a", "b"},
                         .values = {{3, 1}, {1, 0.5}}};
    const Json spec = spec_of(chart);
    EXPECT_EQ(rows_of(spec)[1].at("begin"), 3);
    EXPECT_EQ(rows_of(spec)[1].at("end"), 4);
    EXPECT_EQ(spec.at("scales").at(0).at("domain"), Json({0.0, 4.0}));
    EXPECT_THAT(numbers_of(chart).rows,
                ElementsAre(Strings{"a", "3.0 s", "1.0 s"}, Strings{"b", "1.0 s", "0.5 s"}));
}

TEST(PairChart, SaysBothValues) {
    const Json spec = spec_of(PairChart{.run = 1,
                                        .x_title = "accuracy",
                                        .y_title = "task",
                                        .rows = {"1"},
                                        .full = {0.5},
                                        .hollow = {0.25}});
    EXPECT_EQ(rows_of(spec)[0].at("tooltip"), "task 1: batch-wise 50.00 %, instance-wise 25.00 %");
    EXPECT_THAT(spec.dump(), HasSubstr("var(--run-1)"));
}

}  // namespace
}  // namespace promptcl::report
