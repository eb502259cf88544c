// A model file is taught new classes by the programs themselves, answers, and goes back.
#include "promptcl/io/file.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/undo.h"

#include "tests/data/drawn_folders.h"
#include "tests/run/process.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

namespace promptcl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Names = std::vector<std::string>;

const std::string kVit = std::string(PROMPTCL_SOURCE_DIR) + "/assets/demo_vit.npz";

/// Drawn pictures in folders, the first five classes learnt and exported.
class LearnStory : public testing::Test {
  protected:
    void SetUp() override {
        drawn_.write_train(at("old/train"), 0, 5);
        drawn_.write_test(at("old/test"), 0, 5);
        drawn_.write_train(at("new"), 5, 10);
        drawn_.write_test(at("tests"), 0, 10);
    }
    std::string name(std::int64_t label) const { return drawn_.name(label); }
    void learn_five(const std::string& config, const Names& more = {}) {
        Names words = {"train",     "--quiet",
                       "--config",  config,
                       "--workdir", at("run"),
                       "--set",     "init_checkpoint=" + kVit,
                       "--set",     "dataset=image_folder",
                       "--set",     "data_dir=" + at("old"),
                       "--set",     "continual.num_tasks=1",
                       "--set",     "continual.num_classes_per_task=5",
                       "--set",     "num_threads=1"};
        words.insert(words.end(), more.begin(), more.end());
        run(words);
        run({"export", at("run"), at("five.pcl")});
    }
    std::string learn(Names more, int code = 0) const {
        Names words = {"learn", at("five.pcl"), "--backbone", kVit, "--set", "num_threads=1"};
        words.insert(words.end(), more.begin(), more.end());
        return run(words, code);
    }
    std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
    std::string run(const Names& words, int code = 0) const {
        support::Process process(words, folder_.path() / "log");
        EXPECT_EQ(WEXITSTATUS(process.wait()), code) << process.log();
        return process.log();
    }
    /// What JSON a command printed, behind its notes.
    static json json_in(const std::string& log) { return json::parse(log.substr(log.find("{\n"))); }

    /// The share of the test pictures of the classes from `first` up to `last` that a file knows.
    double accuracy(const std::string& file, std::int64_t first, std::int64_t last) const {
        std::istringstream lines(
            run({"predict", at(file), at("tests"), "--json", "--top_k", "1", "--backbone", kVit}));
        double right = 0, all = 0;
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with('{')) continue;
            const json answer = json::parse(line);
            const auto truth =
                fs::path(answer.at("image").get<std::string>()).parent_path().filename().string();
            const auto found = std::ranges::find(drawn_.class_names(), truth);
            const auto label = found - drawn_.class_names().begin();
            if (label < first || label >= last) continue;
            ++all;
            if (answer.at("classes")[0].at("class") == truth) ++right;
        }
        EXPECT_GT(all, 0);
        return right / all;
    }

    TemporaryFolder folder_;
    const data::DrawnFolders drawn_{20, 8};
};

TEST_F(LearnStory, FiveClassesLearnFiveMoreFromAFolderAnswerAllTenAndGoBack) {
    learn_five("demo_dualprompt", {"--set", "prompt_pool_param.pool_size=1"});
    const auto five = model::read_classifier(at("five.pcl"));
    const json report = json_in(
        learn({"--data", at("new"), "--output", at("ten.pcl"), "--test", at("tests"), "--json"}));
    const auto ten = model::read_classifier(at("ten.pcl"));

    ASSERT_EQ(ten.classes(), 10);
    EXPECT_EQ(report.at("added").size(), 5U);
    EXPECT_EQ(report.at("images"), 100);
    EXPECT_EQ(report.at("pool_size"), 2) << "a prompt of its own for the second task";
    EXPECT_EQ(report.at("drift").at("largest_logit"), 0);
    EXPECT_EQ(report.at("drift").at("prompts"), 0);
    for (const auto& [array, value] : five.state.arrays)
        EXPECT_EQ(model::leading_corner(ten.state.arrays.at(array), value.shape), value) << array;

    constexpr double kBetterThanChance = 0.4;  // chance is 0.1
    EXPECT_GT(accuracy("ten.pcl", 0, 5), kBetterThanChance);
    EXPECT_GT(accuracy("ten.pcl", 5, 10), kBetterThanChance);
    EXPECT_NEAR(report.at("accuracy").at("new").at("after"), accuracy("ten.pcl", 5, 10), 1e-9);
    EXPECT_NEAR(report.at("accuracy").at("old").at("after"), accuracy("ten.pcl", 0, 5), 1e-9);
    EXPECT_NEAR(report.at("accuracy").at("old").at("before"), accuracy("five.pcl", 0, 5), 1e-9);

    ASSERT_EQ(ten.history.size(), 2U);
    EXPECT_EQ(ten.history[1].action, "learn");
    EXPECT_EQ(ten.history[1].images, 100);
    EXPECT_FALSE(fs::exists(at("ten.pcl.learning")));
    run({"model", "rollback", at("ten.pcl"), "--output", at("back.pcl")});
    EXPECT_EQ(io::read_file(at("back.pcl")), io::read_file(at("five.pcl")));
}

TEST_F(LearnStory, SaysHowFarASharedPoolMoved) {
    learn_five("demo_l2p");
    const json moved =
        json_in(learn({"--data", at("new"), "--output", at("ten.pcl"), "--json"})).at("drift");
    EXPECT_EQ(moved.at("classes"), 5);
    EXPECT_GT(moved.at("prompts"), 0);
    EXPECT_GT(moved.at("keys"), 0);
    const auto text = learn({"--data", at("new"), "--output", at("held.pcl"), "--freeze_old"});
    EXPECT_THAT(text, AllOf(HasSubstr("10 classes, 5 of them new, from 100 images"),
                            HasSubstr("no bit of what was learnt for old prompts has changed")));
}

TEST_F(LearnStory, GoesOnAfterAnInterruptionToTheSameBits) {
    learn_five("demo_dualprompt");
    const Names words = {"--data", at("new"), "--output", at("ten.pcl"), "--set", "num_epochs=20"};
    learn(words);
    const auto whole = model::read_classifier(at("ten.pcl"));
    fs::remove(at("ten.pcl"));
    Names again = {"learn", at("five.pcl"), "--backbone", kVit, "--set", "num_threads=1"};
    again.insert(again.end(), words.begin(), words.end());
    support::Process first(again, folder_.path() / "log");
    while (first.running() && !fs::exists(at("ten.pcl.learning/manifest.csv")))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    first.signal(SIGTERM);
    ASSERT_EQ(WEXITSTATUS(first.wait()), 128 + SIGTERM) << first.log();
    EXPECT_THAT(first.log(), HasSubstr("the same command goes on from here"));
    EXPECT_FALSE(fs::exists(at("ten.pcl")));
    EXPECT_THAT(learn({"--data", at("new"), "--output", at("ten.pcl"), "--set", "num_epochs=3"}, 2),
                AllOf(HasSubstr("num_epochs is 20 there, 3 here"), HasSubstr("remove")));
    EXPECT_THAT(learn({"--data", at("new"), "--output", at("ten.pcl"), "--set", "num_epochs=20",
                       "--no_freeze_old"},
                      2),
                HasSubstr("with another --freeze_old"));
    learn(words);
    EXPECT_EQ(model::read_classifier(at("ten.pcl")).state.arrays, whole.state.arrays);
}

TEST_F(LearnStory, TeachesKnownClassesMoreWhenAsked) {
    learn_five("demo_dualprompt");
    drawn_.write_train(at("more"), 4, 6);  // the last of the old ones, the first of the new ones
    EXPECT_THAT(learn({"--data", at("more"), "--output", at("x.pcl")}, 2),
                AllOf(HasSubstr("five.pcl knows the class \"" + name(4) + "\" already"),
                      HasSubstr("--extend")));
    EXPECT_FALSE(fs::exists(at("x.pcl")));
    EXPECT_THAT(learn({"--data", at("more"), "--output", at("five.pcl"), "--extend"}),
                AllOf(HasSubstr("6 classes, 1 of them new"),
                      HasSubstr("whose columns have changed: " + name(4))));
    const auto state = model::read_classifier(at("five.pcl")).state;
    const auto column = std::ranges::find(state.class_names, name(4)) - state.class_names.begin();
    EXPECT_EQ(state.arrays.at("class/images").as_float()[static_cast<std::size_t>(column)], 40);
}

TEST_F(LearnStory, RefusesWhatItCannotLearnInASentence) {
    learn_five("demo_ncm");
    drawn_.write_train(at("one"), 7, 8);
    drawn_.write_test(at("strange"), 12, 13);
    fs::create_directory(at("empty"));
    const auto refused = [&](Names words, int code = 2) {
        words.insert(words.end(), {"--output", at("x.pcl")});
        return learn(words, code);
    };
    EXPECT_THAT(run({"learn"}, 2), HasSubstr("a model file is missing"));
    EXPECT_THAT(learn({"--data", at("new")}, 2), HasSubstr("--output FILE is missing"));
    EXPECT_THAT(refused({}), HasSubstr("--data FOLDER is missing"));
    EXPECT_THAT(refused({"another", "--data", at("new")}), HasSubstr("\"another\" is a word too"));
    EXPECT_THAT(refused({"--data", at("nowhere")}, 3), HasSubstr("cannot read " + at("nowhere")));
    EXPECT_THAT(refused({"--data", at("empty")}, 3), HasSubstr("has no class folders"));
    EXPECT_THAT(refused({"--data", at("new"), "--test", at("strange")}),
                HasSubstr("holds the class \"" + name(12) + "\", which is neither known nor"));
    EXPECT_THAT(refused({"--data", at("new"), "--freeze_old", "--no_freeze_old"}),
                HasSubstr("exclude each other"));
    EXPECT_THAT(refused({"--data", at("new"), "--set", "temperature=2"}),
                HasSubstr("temperature cannot be changed for a model file"));
    EXPECT_THAT(refused({"--data", at("new"), "--set", "num_epoch=2"}), HasSubstr("num_epochs"));
    EXPECT_THAT(run({"learn", at("old/train/" + name(0) + "/1000.png"), "--data", at("new"),
                     "--output", at("x.pcl")},
                    3),
                HasSubstr("1000.png"));
    EXPECT_FALSE(fs::exists(at("x.pcl")));
    EXPECT_THAT(learn({"--data", at("one"), "--output", at("x.pcl")}),
                HasSubstr("6 classes, 1 of them new"))
        << "ncm can learn one class alone";
}

}  // namespace
}  // namespace promptcl
