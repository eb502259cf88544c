// What results.json says of a run.
#include "promptcl/train/results.h"

#include "tests/support/tiny_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::train {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

/// After task 0: 0.9; after task 1: 0.7 and 0.8.
metrics::AccuracyMatrix two_tasks() {
    return metrics::AccuracyMatrix::from_rows({{0.9}, {0.7, 0.8}});
}

nlohmann::ordered_json results_of_two_tasks() {
    Experiment experiment;
    experiment.config = support::tiny_l2p();
    experiment.config.seed = 7;
    experiment.backbone = support::tiny_backbone(3);
    experiment.data.class_names = {"ant", "bee"};
    experiment.data.skipped = {"x.png: broken"};
    experiment.identity = {
        .backbone_path = "vit.npz", .backbone_sha256 = "ab", .data_sha256 = "cd"};
    Progress progress;
    progress.configured = two_tasks();
    progress.instance = metrics::AccuracyMatrix::from_rows({{0.5}, {0.25, 0.75}});
    progress.eval_loss = {0.1, 0.2};
    progress.test_images = {20, 30};
    progress.train_seconds = 40;
    progress.eval_seconds = 10;
    progress.trained_images = 100;
    progress.evaluated_images = 50;
    return results_json(experiment, progress);
}

TEST(Figures, AreThoseOfTheSpecByTheirTags) {
    const auto after_two = figures(two_tasks(), 1);
    ASSERT_EQ(after_two.size(), 5U);
    const std::map<std::string, double> by_tag(after_two.begin(), after_two.end());
    EXPECT_NEAR(by_tag.at("avg_acc"), 0.75, 1e-12);
    EXPECT_NEAR(by_tag.at("learning_acc"), 0.85, 1e-12);
    EXPECT_NEAR(by_tag.at("forgetting"), 0.2, 1e-12);
    EXPECT_NEAR(by_tag.at("backward"), -0.2, 1e-12);
}

TEST(Figures, HaveNoForgettingAfterTheFirstTask) {
    EXPECT_THAT(figures(two_tasks(), 0), ElementsAre(Pair("avg_acc", 0.9), Pair("anytime_acc", 0.9),
                                                     Pair("learning_acc", 0.9)));
}

TEST(Figures, OfARunThatEvaluatesItsLastTaskOnlySpeakOfNoEarlierOne) {
    const auto last_only = metrics::AccuracyMatrix::from_rows({{}, {0.7, 0.8}});
    EXPECT_THAT(figures(last_only, 1),
                ElementsAre(Pair("avg_acc", 0.75), Pair("anytime_acc", 0.75)));
}

TEST(Results, HoldBothMatricesAndAllFigures) {
    const auto results = results_of_two_tasks();
    EXPECT_EQ(results.at("configured").at("accuracy_matrix"),
              nlohmann::ordered_json::parse("[[0.9], [0.7, 0.8]]"));
    EXPECT_EQ(results.at("instance").at("accuracy_matrix"),
              nlohmann::ordered_json::parse("[[0.5], [0.25, 0.75]]"));
    EXPECT_EQ(results.at("configured").at("after_each_task").size(), 2U);
    EXPECT_NEAR(results.at("configured").at("final").at("avg_acc"), 0.75, 1e-12);
    EXPECT_NEAR(results.at("instance").at("final").at("forgetting"), 0.25, 1e-12);
    EXPECT_EQ(results.at("configured").at("eval_loss"),
              nlohmann::ordered_json::parse("[0.1, 0.2]"));
    EXPECT_EQ(results.at("tasks_done"), 2);
}

TEST(Results, HoldTimesAndSpeeds) {
    const auto results = results_of_two_tasks();
    EXPECT_EQ(results.at("wall_seconds"), 50.0);
    EXPECT_EQ(results.at("train_images_per_second"), 2.5);
    EXPECT_EQ(results.at("eval_images_per_second"), 5.0);
    EXPECT_GT(results.at("peak_memory_bytes"), 1 << 20);
}

TEST(Results, SayWhatTheRunWasMadeOf) {
    const auto results = results_of_two_tasks();
    EXPECT_EQ(results.at("seed"), 7);
    EXPECT_EQ(results.at("backbone").at("path"), "vit.npz");
    EXPECT_EQ(results.at("backbone").at("sha256"), "ab");
    EXPECT_EQ(results.at("backbone").at("geometry"), "patch 4, width 8, MLP 12, 2 heads, 3 blocks");
    EXPECT_EQ(results.at("data").at("sha256"), "cd");
    EXPECT_EQ(results.at("data").at("skipped").at(0), "x.png: broken");
    EXPECT_EQ(results.at("class_names").at(1), "bee");
    EXPECT_EQ(results.at("config").at("seed"), 7);
    EXPECT_TRUE(results.at("versions").contains("promptcl"));
    EXPECT_TRUE(results.at("versions").contains("tensor_library"));
}

TEST(Results, OfARunWithoutATaskHaveNoFigures) {
    Experiment experiment;
    experiment.backbone = support::tiny_backbone(3);
    const auto results = results_json(experiment, Progress());
    EXPECT_EQ(results.at("tasks_done"), 0);
    EXPECT_TRUE(results.at("configured").at("after_each_task").empty());
    EXPECT_EQ(results.at("train_images_per_second"), 0.0);
}

}  // namespace
}  // namespace promptcl::train
