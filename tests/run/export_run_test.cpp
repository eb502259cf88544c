// From a run to a model file to answers, with the programs themselves.
#include "promptcl/config/print.h"
#include "promptcl/model/classifier_file.h"

#include "tests/data/picture_files.h"
#include "tests/run/process.h"
#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace promptcl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

constexpr double kTolerance = 1e-4;  // of probabilities on two engines

class ExportedRun : public testing::Test {
  protected:
    ExportedRun() { support::write_tiny_backbone(folder_.path()); }

    /// Learns the tiny stream with a method and writes a model file of it.
    void learn_and_export(const std::string& method) {
        const auto config = support::tiny_run_config(method, folder_.path());
        const auto file = folder_.write("run.toml", config::to_toml(config));
        run({"train", "--quiet", "--config", file.string(), "--workdir", at("run")});
        exported_ = run({"export", at("run"), at("x.pcl")});
    }
    void write_pictures() {
        folder_.write("photos/red.png", data::flat_png(12, 9, 250, 10, 10));
        folder_.write("photos/grey.png", data::flat_png(8, 8, 90, 90, 90));
        folder_.write("photos/teal.png", data::flat_png(30, 20, 10, 120, 130));
    }
    std::string at(const std::string& name) const { return (folder_.path() / name).string(); }
    std::string run(const std::vector<std::string>& arguments, int code = 0) const {
        support::Process process(arguments, folder_.path() / "log");
        const int status = process.wait();
        EXPECT_EQ(WEXITSTATUS(status), code) << process.log();
        return process.log();
    }
    /// The JSON lines that predict prints, by the name of the image.
    std::map<std::string, json> answers(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "predict");
        arguments.insert(arguments.end(), {"--json", "--top_k", "100"});
        std::map<std::string, json> result;
        std::istringstream lines(run(arguments));
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with('{')) continue;
            const json answer = json::parse(line);
            result[answer.at("image")] = answer;
        }
        return result;
    }

    TemporaryFolder folder_;
    std::string exported_;
};

void expect_same(const json& actual, const json& expected) {
    EXPECT_EQ(actual.at("prompts"), expected.at("prompts"));
    ASSERT_EQ(actual.at("classes").size(), expected.at("classes").size());
    std::map<std::string, double> probabilities;
    for (const auto& one : expected.at("classes"))
        probabilities[one.at("class")] = one.at("probability");
    for (const auto& one : actual.at("classes"))
        EXPECT_NEAR(one.at("probability"), probabilities.at(one.at("class")), kTolerance);
}

TEST_F(ExportedRun, AnswersWithoutLibTorchAsThePlainPathDoes) {
    for (const std::string method : {"l2p", "dualprompt", "ncm", "ft_seq_frozen"}) {
        SCOPED_TRACE(method);
        std::filesystem::remove_all(at("run"));
        learn_and_export(method);
        write_pictures();
        const auto native = answers({at("run"), at("photos")});
        const auto plain = answers({at("run"), at("photos"), "--set", "engine=plain"});
        ASSERT_EQ(native.size(), 3U);
        for (const auto& [image, answer] : plain)
            expect_same(native.at(image), answer);
    }
}

TEST_F(ExportedRun, KnowsItsClassesAndWhatTheyLookLike) {
    learn_and_export("dualprompt");
    EXPECT_THAT(exported_, AllOf(HasSubstr("6 classes"), HasSubstr("accuracy on 30 test images"),
                                 HasSubstr("--reject 0.05")));
    const auto classifier = model::read_classifier(at("x.pcl"));
    EXPECT_EQ(classifier.classes(), 6);
    for (const float images : classifier.state.arrays.at("class/images").as_float())
        EXPECT_EQ(images, 12);
    EXPECT_EQ(classifier.state.calibration.images, 3 * 6);  // every second of 5, from the first on
    ASSERT_EQ(classifier.history.size(), 1U);
    EXPECT_EQ(classifier.history[0].images, 12 * 6);
    EXPECT_TRUE(classifier.history[0].results.at("run").contains("instance_accuracy"));
}

TEST_F(ExportedRun, FindsItsBackboneBesideItAndNowhereElse) {
    learn_and_export("l2p");
    write_pictures();
    EXPECT_EQ(answers({at("x.pcl"), at("photos")}).size(), 3U);
    std::filesystem::create_directory(at("elsewhere"));
    std::filesystem::rename(at("tiny.npz"), at("elsewhere/vit.npz"));
    EXPECT_THAT(run({"predict", at("x.pcl"), at("photos")}, 3),
                HasSubstr("needs its backbone tiny.npz"));
    EXPECT_EQ(answers({at("x.pcl"), at("photos"), "--backbone", at("elsewhere/vit.npz")}).size(),
              3U);
    support::write_checkpoint(at("elsewhere/other.npz"), support::tiny_checkpoint(9));
    EXPECT_THAT(
        run({"predict", at("x.pcl"), at("photos"), "--backbone", at("elsewhere/other.npz")}, 3),
        HasSubstr("belongs to the backbone tiny.npz"));
}

TEST_F(ExportedRun, SaysWhichImageCannotBeReadAndAnswersTheOthers) {
    learn_and_export("l2p");
    write_pictures();
    folder_.write("photos/broken.png", "no picture");
    const auto log = run({"predict", at("x.pcl"), at("photos"), "--format", "csv"}, 3);
    EXPECT_THAT(log, AllOf(HasSubstr("image,rank,class,probability,rejected"),
                           HasSubstr("neither a JPEG nor a PNG"), HasSubstr("teal.png,1,")));
}

TEST_F(ExportedRun, MarksWhatItRejects) {
    learn_and_export("l2p");
    write_pictures();
    auto classifier = model::read_classifier(at("x.pcl"));
    classifier.state.calibration.thresholds = {
        {.wanted = 0.05, .least = {.key = -1, .class_mean = 1.5}, .measured = 1}};
    model::write_classifier(at("strict.pcl"), classifier);
    for (const auto& [_, answer] : answers({at("strict.pcl"), at("photos"), "--reject", "0.05"}))
        EXPECT_TRUE(answer.at("rejected"));
    for (const auto& [_, answer] : answers({at("strict.pcl"), at("photos")}))
        EXPECT_FALSE(answer.at("rejected"));
    EXPECT_THAT(run({"predict", at("strict.pcl"), at("photos"), "--reject", "0.01"}, 2),
                HasSubstr("0.01 to reject is below the least"));
}

TEST_F(ExportedRun, WithoutImagesIsNeitherCalibratedNorAbleToReject) {
    learn_and_export("l2p");
    write_pictures();
    EXPECT_THAT(run({"export", at("run"), at("bare.pcl"), "--without_images"}),
                HasSubstr("not calibrated"));
    EXPECT_THAT(run({"predict", at("bare.pcl"), at("photos"), "--reject", "0.05"}, 2),
                HasSubstr("cannot reject an image"));
    const auto run_answers = answers({at("run"), at("photos")});
    for (const auto& [image, answer] : answers({at("bare.pcl"), at("photos")}))
        EXPECT_EQ(answer, run_answers.at(image));
}

TEST_F(ExportedRun, IsAuditedWithTheInstanceWiseFigureOfItsOwnResults) {
    learn_and_export("l2p");
    const json audit = json::parse(run({"audit", at("run"), "--json"}));
    const json results = json::parse(io::read_file(at("run/results.json")));
    EXPECT_NEAR(audit.at("instance"), results.at("instance").at("final").at("avg_acc"), 1e-9);
    const json& rows = audit.at("batches");
    const auto own =
        std::ranges::find_if(rows, [](const json& row) { return row.at("batch") == 4; });
    ASSERT_NE(own, rows.end());
    EXPECT_NEAR(own->at("per_task"), results.at("configured").at("final").at("avg_acc"), 1e-9);
    EXPECT_THAT(run({"audit", at("run")}), HasSubstr("4 (the run's)"));
}

TEST_F(ExportedRun, IsNotAuditedWhereNothingIsChosen) {
    learn_and_export("ncm");
    EXPECT_THAT(run({"audit", at("run")}, 2), HasSubstr("chooses no prompts"));
}

TEST_F(ExportedRun, IsRefusedWhereTheViTItselfWasTrained) {
    auto config = support::tiny_run_config("ft_seq", folder_.path());
    config.num_epochs = 1;
    const auto file = folder_.write("run.toml", config::to_toml(config));
    run({"train", "--quiet", "--config", file.string(), "--workdir", at("run")});
    EXPECT_THAT(run({"export", at("run"), at("x.pcl")}, 3), HasSubstr("trained the ViT too"));
    write_pictures();
    EXPECT_EQ(answers({at("run"), at("photos")}).size(), 3U);  // by LibTorch
}

TEST_F(ExportedRun, IsChangedAndTakenBackWithoutImages) {
    learn_and_export("dualprompt");
    const auto before = model::read_classifier(at("x.pcl"));
    const std::string first = before.state.class_names[0], second = before.state.class_names[1];
    run({"model", "rename", at("x.pcl"), first, "a new name", "--output", at("y.pcl")});
    run({"model", "remove", at("y.pcl"), second, "--output", at("y.pcl")});
    EXPECT_THAT(run({"model", "show", at("y.pcl")}),
                AllOf(HasSubstr("a new name"), HasSubstr("remove"), HasSubstr("5 classes")));
    EXPECT_THAT(run({"model", "diff", at("x.pcl"), at("y.pcl")}), HasSubstr(second));
    run({"model", "rollback", at("y.pcl"), "--output", at("y.pcl")});
    run({"model", "rollback", at("y.pcl"), "--output", at("y.pcl")});
    EXPECT_THAT(run({"model", "diff", at("x.pcl"), at("y.pcl")}), HasSubstr("the same"));
    EXPECT_THAT(run({"model", "rollback", at("y.pcl"), "--output", at("y.pcl")}, 2),
                HasSubstr("no step to go back"));
}

}  // namespace
}  // namespace promptcl
