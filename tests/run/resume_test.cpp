#include "promptcl/core/error.h"
#include "promptcl/io/file.h"
#include "promptcl/train/results.h"

#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;
using support::tiny_run_config;

/// Says stop at the n-th time it is asked, and ever after.
auto stop_after(int questions) {
    return [asked = 0, questions]() mutable { return ++asked > questions; };
}

const auto kNever = [] { return false; };

/// Everything a run leaves that must not depend on how often it was interrupted.
struct Remains {
    std::string model;  // the bytes of the last model file
    nlohmann::json accuracy, instance_accuracy, eval_loss;
    std::int64_t steps;
    bool operator==(const Remains&) const = default;
};

std::string newest_model(const fs::path& workdir) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(workdir / "checkpoints")) {
        const std::string name = entry.path().filename().string();
        if (name.find(".state.") == std::string::npos) names.push_back(entry.path().string());
    }
    return *std::ranges::max_element(names);
}

Remains remains_of(const Trainer& trainer, const fs::path& workdir) {
    const auto progress = to_json(trainer.progress());
    return {.model = io::read_file(newest_model(workdir)),
            .accuracy = progress.at("accuracy"),
            .instance_accuracy = progress.at("instance_accuracy"),
            .eval_loss = progress.at("eval_loss"),
            .steps = trainer.progress().position.global_step};
}

class RunTest : public testing::Test {
  protected:
    void SetUp() override { support::write_tiny_backbone(folder_.path()); }

    config::Config configured(const std::string& method) const {
        return tiny_run_config(method, folder_.path());
    }
    RunFolder begin(const config::Config& config, const std::string& name) const {
        RunFolder folder(folder_.path() / name);
        folder.create(config);
        return folder;
    }

    TemporaryFolder folder_;
};

struct Case {
    std::string name, method;
    std::function<void(config::Config&)> change = [](config::Config&) {};
};

void replay(config::Config& config) {
    config.continual.replay.num_samples_per_class = 3;
    config.continual.replay_no_mask = true;
}

class Resume : public RunTest, public testing::WithParamInterface<Case> {};

TEST_P(Resume, EndsWithTheSameBitsWhereverTheRunWasStopped) {
    auto config = configured(GetParam().method);
    GetParam().change(config);
    const Experiment experiment = open_experiment(config);
    Trainer whole(experiment, begin(experiment.config, "whole"), {});
    ASSERT_EQ(whole.run(kNever), Outcome::kFinished);
    const Remains expected = remains_of(whole, folder_.path() / "whole");
    for (const int questions : {0, 1, 2, 7, 13, 14, 20}) {
        const std::string name = "stopped-" + std::to_string(questions);
        const RunFolder folder = begin(experiment.config, name);
        int starts = 0;
        for (Outcome outcome = Outcome::kInterrupted; outcome == Outcome::kInterrupted; ++starts) {
            ASSERT_LT(starts, 100) << "the run does not come to its end";
            Trainer part(experiment, folder, {});
            outcome = starts == 3 ? part.run(kNever) : part.run(stop_after(questions));
            if (outcome == Outcome::kFinished) {
                EXPECT_EQ(remains_of(part, folder.path()), expected)
                    << "stopped after " << questions;
            }
        }
        EXPECT_GT(starts, 1) << "the run was not stopped at all";
    }
}

const Case kStreams[] = {
    {"replay", "l2p", replay},
    {"replay_of_the_new_task_on_two_devices", "dualprompt",
     [](config::Config& config) {
         replay(config);
         config.continual.replay.include_new_task = true;
         config.per_device_batch_size = 2;
         config.num_devices = 2;
     }},
    {"review", "l2p",
     [](config::Config& config) {
         replay(config);
         config.continual.review_trick = true;
         config.continual.num_review_epochs = 2;
     }},
    {"review_alone_in_counted_steps", "l2p",
     [](config::Config& config) {
         replay(config);
         config.no_train = true;
         config.continual.review_trick = true;
         config.continual.num_review_epochs = 2;
         config.continual.num_review_steps = 9;
     }},
    {"review_of_the_last_task", "l2p",
     [](config::Config& config) {
         replay(config);
         config.continual.review_trick = config.review_last_only = true;
         config.continual.num_review_epochs = 2;
     }},
    {"padded_evaluation_every_few_steps", "l2p",
     [](config::Config& config) {
         config.evaluation.eval_every_steps = 5;
         config.evaluation.eval_pad_last_batch = true;
         config.continual.counted_percent = 90;
     }},
    {"unaugmented_queries", "l2p",
     [](config::Config& config) {
         replay(config);
         config.query_augmentation = false;
     }},
    {"gaussian_schedule", "l2p",
     [](config::Config& config) {
         config.gaussian_schedule = true;
         config.reinit_optimizer = false;
         config.continual.num_tasks = 6;
         config.continual.num_train_steps_per_task = 2;
         config.continual.eval_every_tasks = 4;
     }},
};

std::string name_of(const testing::TestParamInfo<Case>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(EveryMethod, Resume,
                         testing::Values(Case{"l2p", "l2p"}, Case{"dualprompt", "dualprompt"},
                                         Case{"ft_seq_frozen", "ft_seq_frozen"}, Case{"ncm", "ncm"},
                                         Case{"joint", "joint"}, Case{"ewc", "ewc"},
                                         Case{"lwf", "lwf"}, Case{"er", "er"}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(EveryStream, Resume, testing::ValuesIn(kStreams), name_of);

TEST_F(RunTest, KeepsTheTwoNewestPairsAndPassesOverADamagedOne) {
    const Experiment experiment = open_experiment(configured("l2p"));
    const RunFolder folder = begin(experiment.config, "run");
    Trainer first(experiment, folder, {});
    ASSERT_EQ(first.run(kNever), Outcome::kFinished);
    const Remains expected = remains_of(first, folder.path());
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder.path() / "checkpoints")) {
        files.push_back(entry.path());
    }
    EXPECT_EQ(files.size(), 4u);

    std::ofstream(newest_model(folder.path()), std::ios::trunc) << "not a model";
    struct Notes : Observer {
        void note(const std::string& sentence) override { text += sentence; }
        std::string text;
    } notes;
    Trainer second(experiment, folder, {&notes});
    EXPECT_THAT(notes.text, testing::HasSubstr("damaged"));
    ASSERT_EQ(second.run(kNever), Outcome::kFinished);
    EXPECT_EQ(remains_of(second, folder.path()), expected);
}

TEST_F(RunTest, RefusesToGoOnOverAnotherBackbone) {
    const auto config = configured("l2p");
    const RunFolder folder = begin(config, "run");
    {
        const Experiment experiment = open_experiment(config);
        Trainer trainer(experiment, folder, {});
        trainer.run(stop_after(3));
    }
    support::write_tiny_backbone(folder_.path(), 2);
    const Experiment experiment = open_experiment(config);
    try {
        Trainer trainer(experiment, folder, {});
        FAIL() << "went on over another backbone";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("another backbone"));
    }
}

TEST_F(RunTest, WritesBothMatricesAndWhatTheyWereMadeWith) {
    const Experiment experiment = open_experiment(configured("dualprompt"));
    const RunFolder folder = begin(experiment.config, "run");
    Trainer trainer(experiment, folder, {});
    trainer.run(kNever);
    const auto results = nlohmann::json::parse(io::read_file(folder.results_file()));
    ASSERT_EQ(results.at("configured").at("accuracy_matrix").size(), 3u);
    EXPECT_EQ(results.at("instance").at("accuracy_matrix").at(2).size(), 3u);
    EXPECT_EQ(results.at("backbone").at("sha256"), experiment.identity.backbone_sha256);
    EXPECT_EQ(results.at("config").at("continual.num_tasks"), 3);
    EXPECT_TRUE(results.at("configured").at("final").contains("forgetting"));
}

TEST_F(RunTest, LeavesAManifestThatGivesTheSameRunAgain) {
    auto config = configured("l2p");
    config.continual.rand_seed = 4;
    config.subsample_rate = 70;
    const Experiment experiment = open_experiment(config);
    const RunFolder folder = begin(config, "run");
    Trainer first(experiment, folder, {});
    ASSERT_EQ(first.run(kNever), Outcome::kFinished);

    config.continual.rand_seed = -1;
    config.subsample_rate = -1;
    config.continual.manifest = folder.manifest_file().string();
    const Experiment same = open_experiment(config);
    const RunFolder second_folder = begin(config, "again");
    Trainer second(same, second_folder, {});
    ASSERT_EQ(second.run(kNever), Outcome::kFinished);
    EXPECT_EQ(to_json(second.progress()).at("accuracy"), to_json(first.progress()).at("accuracy"));
    EXPECT_EQ(io::read_file(second_folder.manifest_file()), io::read_file(folder.manifest_file()));
}

TEST_F(RunTest, NamesTaskAndStepOfALossThatIsNotFinite) {
    auto config = configured("l2p");
    config.learning_rate = 1e38;
    config.grad_clip_max_norm = 0;
    const Experiment experiment = open_experiment(config);
    const RunFolder folder = begin(config, "run");
    Trainer trainer(experiment, folder, {});
    try {
        trainer.run(kNever);
        FAIL() << "a run with an infinite loss went on";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("task 1, step"),
                                                 testing::HasSubstr("not finite"),
                                                 testing::HasSubstr("learning_rate")));
    }
}

std::int64_t resident_bytes() {
    std::int64_t total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * 4096;
}

TEST_F(RunTest, HoldsNoMoreMemoryAfterManyTasksThanAfterTwo) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the address sanitizer keeps freed memory, so that it grows on purpose";
#endif
    auto config = configured("dualprompt");
    config.continual.num_tasks = 20;
    config.continual.num_classes_per_task = 1;
    const Experiment experiment = open_experiment(config);
    struct Memory : Observer {
        void evaluated(const Evaluation& evaluation, const Progress&) override {
            if (evaluation.task_end && evaluation.task == 1) after_two = resident_bytes();
        }
        std::int64_t after_two = 0;
    } memory;
    Trainer trainer(experiment, begin(config, "run"), {&memory});
    trainer.run(kNever);
    // A leaked batch of each of the 108 later steps alone would be 100 kB, its graph ten times
    // that.
    EXPECT_LT(resident_bytes() - memory.after_two, 4'000'000);
}

}  // namespace
}  // namespace promptcl::train
