// At which steps a run evaluates: three tasks of 2 epochs of 6 steps.
#include "promptcl/io/file.h"
#include "promptcl/train/results.h"

#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace promptcl::train {
namespace {

using ::testing::ElementsAre;

/// Notes the global step of every evaluation.
struct Times : Observer {
    void evaluated(const Evaluation& evaluation, const Progress&) override {
        steps.push_back(evaluation.global_step);
    }
    std::vector<std::int64_t> steps;
};

class EvaluationTimes : public testing::Test {
  protected:
    std::vector<std::int64_t> of(const std::function<void(config::Config&)>& change) {
        support::write_tiny_backbone(folder_.path());
        config::Config config = support::tiny_run_config("l2p", folder_.path());
        change(config);
        EXPECT_THAT(config.problems(), testing::IsEmpty());
        const Experiment experiment = open_experiment(config);
        const RunFolder run(folder_.path() / "run");
        run.create(config);
        Times times;
        Trainer trainer(experiment, run, {&times});
        trainer.run([] { return false; });
        results_ = nlohmann::json::parse(io::read_file(run.results_file()));
        return times.steps;
    }

    TemporaryFolder folder_;
    nlohmann::json results_;
};

void review(config::Config& config) {
    config.continual.replay.num_samples_per_class = 3;
    config.continual.review_trick = true;
    config.continual.num_review_epochs = 2;
    config.continual.num_review_steps = 5;  // 2 epochs of 2
    config.evaluation.eval_task_end_only = true;
}

TEST_F(EvaluationTimes, AreTheEndsOfEpochs) {
    EXPECT_THAT(of([](config::Config&) {}), ElementsAre(6, 12, 18, 24, 30, 36));
}

TEST_F(EvaluationTimes, AreTheEndsOfTasksWhenAskedTo) {
    EXPECT_THAT(of([](config::Config& config) { config.evaluation.eval_task_end_only = true; }),
                ElementsAre(12, 24, 36));
    EXPECT_TRUE(results_.at("configured").at("final").contains("forgetting"));
}

TEST_F(EvaluationTimes, LieInTheLastTaskWhenAskedToAndSpeakOfNoForgetting) {
    EXPECT_THAT(of([](config::Config& config) { config.evaluation.eval_last_only = true; }),
                ElementsAre(30, 36));
    const auto& configured = results_.at("configured");
    EXPECT_EQ(configured.at("accuracy_matrix").at(0).size(), 0U);
    EXPECT_EQ(configured.at("accuracy_matrix").at(2).size(), 3U);
    EXPECT_EQ(configured.at("after_each_task").size(), 1U);
    for (const char* figure : {"forgetting", "backward", "learning_acc"})
        EXPECT_FALSE(configured.at("final").contains(figure)) << figure;
}

TEST_F(EvaluationTimes, CountTheStepsOfTheRunAndAddTheEndsOfTasks) {
    EXPECT_THAT(of([](config::Config& config) { config.evaluation.eval_every_steps = 10; }),
                ElementsAre(10, 12, 20, 24, 30, 36));
}

TEST_F(EvaluationTimes, ResultsCountTheImagesOfSoManyBatches) {
    of([](config::Config& config) { config.evaluation.num_eval_steps = 2; });
    EXPECT_EQ(results_.at("test_images"), nlohmann::json({8, 8, 8}));  // of 10 each
}

TEST_F(EvaluationTimes, FollowTheReviewsThatAreAllTheTraining) {
    EXPECT_THAT(of([](config::Config& config) {
                    review(config);
                    config.no_train = true;
                }),
                ElementsAre(4, 8, 12));
}

TEST_F(EvaluationTimes, PassOverTasksInWhichNothingIsLearnt) {
    EXPECT_THAT(of([](config::Config& config) {
                    review(config);
                    config.no_train = config.review_last_only = true;
                }),
                ElementsAre(4));
}

}  // namespace
}  // namespace promptcl::train
