#include "promptcl/report/results_table.h"

#include "promptcl/report/published.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Strings = std::vector<std::string>;

TableRun finished(std::int64_t seed, Figures configured, Figures instance) {
    RunResults results{.tasks_done = 10,
                       .num_tasks = 10,
                       .configured = configured,
                       .instance = instance,
                       .backbone_path = "models/ViT-Ti_16.npz",
                       .backbone_sha256 = "0123456789abcdef",
                       .backbone_geometry = "patch 16, width 192"};
    return {"run-seed" + std::to_string(seed), seed, results, ""};
}

/// A method without prompts on a benchmark that nobody has published a figure of.
TableRow unknown_row() {
    TableRow row{.label = "mine", .config = {}, .runs = {finished(1, {0.50, 0.10}, {0.50, 0.10})}};
    row.config.method = "ncm";
    row.config.use_e_prompt = false;
    row.config.dataset = "image_folder";
    return row;
}

/// L2P on Split CIFAR-100 with three seeds.
TableRow l2p_row() {
    return {
        .label = "L2P",
        .config = {},
        .runs = {finished(1, {0.80, 0.10}, {0.70, 0.12}), finished(2, {0.82, 0.08}, {0.74, 0.12}),
                 finished(3, {0.84, 0.06}, {0.72, 0.12})}};
}

TEST(ResultsTable, HasMeanAndSampleDeviationInPercent) {
    auto row = unknown_row();
    row.runs.push_back(finished(2, {0.54, 0.12}, {0.54, 0.12}));
    const auto cells = text_cells({.title = "", .rows = {row}});
    EXPECT_EQ(cells.header, (Strings{"configuration", "method", "runs", "accuracy", "forgetting"}));
    // 0.50 and 0.54: 0.52 +- 0.04 / sqrt(2); 0.10 and 0.12: 0.11 +- 0.02 / sqrt(2)
    EXPECT_THAT(cells.rows,
                ElementsAre(Strings{"mine", "ncm", "2", "52.00 ± 2.83", "11.00 ± 1.41"}));
}

TEST(ResultsTable, HasNoDeviationForASingleSeedAndNoForgettingWhereThereIsNone) {
    auto row = unknown_row();
    row.runs = {finished(1, {0.50, std::nullopt}, {0.50, std::nullopt})};
    EXPECT_THAT(text_cells({.title = "", .rows = {row}}).rows,
                ElementsAre(Strings{"mine", "ncm", "1", "50.00", "-"}));
}

TEST(ResultsTable, PutsInstanceWiseAndPublishedFiguresBesideThoseOfPromptsThatVote) {
    const auto cells = text_cells({.title = "", .rows = {l2p_row()}});
    EXPECT_EQ(cells.header,
              (Strings{"configuration", "method", "runs", "accuracy", "forgetting", "instance-wise",
                       "forgetting", "published", "forgetting", "by"}));
    EXPECT_THAT(cells.rows, ElementsAre(Strings{"L2P", "l2p", "3", "82.00 ± 2.00", "8.00 ± 2.00",
                                                "72.00 ± 2.00", "12.00 ± 0.00", "83.83", "7.63",
                                                "Wang et al., Learning to Prompt, CVPR 2022"}));
}

TEST(ResultsTable, NamesTheBenchmarkOfEachRowWhenTheyDiffer) {
    const ResultsTable mixed{.title = "", .rows = {l2p_row(), unknown_row()}};
    EXPECT_EQ(text_cells(mixed).header.at(2), "benchmark");
    EXPECT_EQ(text_cells(mixed).rows.at(1).at(2), "image_folder, 10 tasks of 10 classes");
    EXPECT_THAT(notes(mixed), Not(Contains(HasSubstr("benchmark:"))));
    EXPECT_THAT(notes({.title = "", .rows = {l2p_row()}}), Contains("benchmark: Split CIFAR-100."));
}

TEST(ResultsTable, NamesTheProtocolTheSeedsAndTheBackbone) {
    const auto all = notes({.title = "", .rows = {l2p_row()}});
    EXPECT_THAT(all, Contains(HasSubstr("protocol: batch-wise")));
    EXPECT_THAT(all, Contains(HasSubstr("sample standard deviation over the seeds 1, 2, 3")));
    EXPECT_THAT(
        all, Contains("backbone: ViT-Ti_16.npz (patch 16, width 192; SHA-256 0123456789ab...)."));
    EXPECT_THAT(all, Contains(HasSubstr("also published for L2P: 82.59 / 7.88")));
    EXPECT_THAT(notes({.title = "", .rows = {unknown_row()}}),
                Not(Contains(HasSubstr("protocol:"))));
}

TEST(ResultsTable, SaysWhoseBackboneIsWhichWhenTheyDiffer) {
    auto other = unknown_row();
    other.runs.front().results->backbone_path = "ViT-S_16.npz";
    const auto all = notes({.title = "", .rows = {l2p_row(), other}});
    EXPECT_THAT(all, Contains(HasSubstr("backbone of L2P: ViT-Ti_16.npz")));
    EXPECT_THAT(all, Contains(HasSubstr("backbone of mine: ViT-S_16.npz")));
}

TEST(ResultsTable, NamesWhatIsChangedInEveryConfiguration) {
    EXPECT_THAT(
        notes({.title = "", .settings = {"num_epochs=1", "optim=sgd"}, .rows = {l2p_row()}}),
        Contains("changed in every configuration: num_epochs=1, optim=sgd."));
    EXPECT_THAT(notes({.title = "", .rows = {l2p_row()}}), Not(Contains(HasSubstr("changed"))));
}

TEST(ResultsTable, CautionsAgainstComparingAnotherBackboneWithThePublishedOne) {
    auto row = l2p_row();
    EXPECT_THAT(notes({.title = "", .rows = {row}}), Contains(HasSubstr("CAUTION")));
    for (TableRun& run : row.runs)
        run.results->backbone_geometry = kPublishedGeometry;
    EXPECT_THAT(notes({.title = "", .rows = {row}}), Not(Contains(HasSubstr("CAUTION"))));
}

TEST(ResultsTable, SaysWhichRowsHadOtherDevicesThanThePublishedRuns) {
    auto row = l2p_row();
    EXPECT_THAT(notes({.title = "", .rows = {row, unknown_row()}}),
                Contains("L2P: num_devices = 1 here, 8 in the published runs, which the preset "
                         "\"published\" has."));
    row.config.num_devices = 8;
    EXPECT_THAT(notes({.title = "", .rows = {row}}), Not(Contains(HasSubstr("num_devices"))));
}

TEST(ResultsTable, SaysWhichRunsAreMissingAndWhy) {
    auto row = unknown_row();
    row.runs.push_back({"mine-seed2", 2, std::nullopt, "failed: the disk is full"});
    EXPECT_THAT(text_cells({.title = "", .rows = {row}}).rows.front(),
                ElementsAre("mine", "ncm", "1 of 2", "50.00", "10.00"));
    EXPECT_THAT(notes({.title = "", .rows = {row}}),
                Contains("mine-seed2 failed: the disk is full"));
    row.runs.erase(row.runs.begin());
    EXPECT_THAT(text_cells({.title = "", .rows = {row}}).rows.front(),
                ElementsAre("mine", "ncm", "0 of 1", "failed", "-"));
    row.runs.front().problem = "not run";
    EXPECT_EQ(text_cells({.title = "", .rows = {row}}).rows.front().at(3), "not run");
}

TEST(ResultsTable, AsNumbersHoldsFractionsAndNothingWhereThereIsNothing) {
    const ResultsTable table{.title = "My table", .rows = {unknown_row()}};
    const auto json = to_json(table);
    EXPECT_EQ(json.at("title"), "My table");
    const auto& row = json.at("rows").at(0);
    EXPECT_EQ(row.at("accuracy"), 0.5);
    EXPECT_TRUE(row.at("accuracy_std").is_null());
    EXPECT_TRUE(row.at("published_accuracy").is_null());
    EXPECT_EQ(row.at("runs").at(0).at("seed"), 1);

    const auto cells = number_cells(table);
    ASSERT_EQ(cells.header.size(), cells.rows.at(0).size());
    const auto cell = [&](const std::string& name) {
        const auto found = std::ranges::find(cells.header, name);
        return cells.rows.at(0).at(static_cast<std::size_t>(found - cells.header.begin()));
    };
    EXPECT_EQ(cell("accuracy"), "0.5");
    EXPECT_EQ(cell("accuracy_std"), "");
    EXPECT_EQ(cell("seeds"), "1");
    EXPECT_THAT(cells.header, Not(Contains("runs")));
}

TEST(ResultsTable, AsNumbersCarriesTheBackboneOfThePublishedFigure) {
    const auto row = to_json({.title = "", .rows = {l2p_row()}}).at("rows").at(0);
    EXPECT_EQ(row.at("published_accuracy"), 0.8383);
    EXPECT_EQ(row.at("published_backbone"), "ViT-B/16 pre-trained on ImageNet-21k");
    EXPECT_EQ(row.at("backbone"), "patch 16, width 192");
}

}  // namespace
}  // namespace promptcl::report
