#include "promptcl/report/run_record.h"

#include "promptcl/core/error.h"

#include "tests/report/small_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Paths = std::vector<std::filesystem::path>;

class RunFolders : public ::testing::Test {
  protected:
    RunRecord read(const std::filesystem::path& run) { return read_runs(Paths{run}).front(); }
    std::string refusal(const std::filesystem::path& run) {
        return message_of<Error>([&] { read(run); });
    }
    TemporaryFolder folder_;
};

TEST_F(RunFolders, AreReadWithAllThatIsInThem) {
    const auto record = read(write_whole_run(folder_, "l2p"));
    EXPECT_EQ(record.name, "l2p");
    EXPECT_EQ(record.results.configured.matrix.at(0, 1), 0.25);
    EXPECT_EQ(record.results.instance.accuracy, 0.375);
    EXPECT_EQ(record.results.cost.peak_memory_bytes, 250'000'000);
    EXPECT_EQ(record.results.class_names.at(1), "bee");
    EXPECT_EQ(record.events.histograms.size(), 3U);
    EXPECT_TRUE(record.predictions.has_value());
    EXPECT_TRUE(record.key_similarity.has_value());
    EXPECT_EQ(record.examples.wrong.size(), 3U);
    EXPECT_THAT(record.notes, IsEmpty());
}

TEST_F(RunFolders, MayHoldResultsAlone) {
    const auto record = read(write_small_run(folder_, "l2p"));
    EXPECT_THAT(record.events.scalars, IsEmpty());
    EXPECT_FALSE(record.predictions.has_value());
    EXPECT_FALSE(record.key_similarity.has_value());
    EXPECT_THAT(record.notes, IsEmpty());
}

TEST_F(RunFolders, WithoutRunOrResultsAreRefusedInOneSentence) {
    EXPECT_THAT(refusal(folder_ / "none"), HasSubstr("none is no run folder"));
    const auto run = write_small_run(folder_, "l2p");
    std::filesystem::remove(run / "results.json");
    EXPECT_THAT(refusal(run),
                AllOf(HasSubstr("l2p has no results yet"), HasSubstr("promptcl train --workdir")));
    folder_.write("l2p/results.json", "{");
    EXPECT_THAT(refusal(run), HasSubstr("results.json is damaged"));
    auto results = small_results();
    results["configured"]["accuracy_matrix"][0][0] = 7;
    folder_.write("l2p/results.json", results.dump());
    EXPECT_THAT(refusal(run), AllOf(HasSubstr("results.json"), HasSubstr("accuracy matrix")));
}

TEST_F(RunFolders, KeepAMissingAccuracyMissing) {
    auto results = small_results();
    results["configured"]["accuracy_matrix"][0] = nlohmann::json::array({nullptr});
    const auto run = write_small_run(folder_, "l2p");
    folder_.write("l2p/results.json", results.dump());
    EXPECT_EQ(read(run).results.configured.matrix.at(0, 0), std::nullopt);
}

TEST_F(RunFolders, WithADamagedPartAreReadWithoutItAndTheNoteSaysSo) {
    const auto run = write_whole_run(folder_, "l2p");
    folder_.write("l2p/predictions.npz", "no archive");
    const auto record = read(run);
    EXPECT_FALSE(record.predictions.has_value());
    EXPECT_THAT(record.notes, ElementsAre(HasSubstr("predictions.npz")));
}

TEST_F(RunFolders, SayWhenPredictionsAreOfAnotherStateOfTheRun) {
    const auto run = write_whole_run(folder_, "l2p");
    auto results = small_results();
    results["configured"]["accuracy_matrix"][1][0] = 0.5;
    folder_.write("l2p/results.json", results.dump());
    EXPECT_THAT(read(run).notes, ElementsAre(AllOf(HasSubstr("does not give the accuracies"),
                                                   HasSubstr("promptcl eval " + run.string()))));
}

TEST_F(RunFolders, GetTheShortestNamesThatTellThemApart) {
    const Paths runs = {write_small_run(folder_, "a/l2p"), write_small_run(folder_, "b/l2p"),
                        write_small_run(folder_, "b/ncm")};
    const auto names = [](const Paths& folders) {
        std::vector<std::string> all;
        for (const RunRecord& record : read_runs(folders))
            all.push_back(record.name);
        return all;
    };
    EXPECT_THAT(names(runs), ElementsAre("a/l2p", "b/l2p", "b/ncm"));
    EXPECT_THAT(names({runs[1], runs[2]}), ElementsAre("l2p", "ncm"));
    EXPECT_THAT(names({runs[2] / ""}), ElementsAre("ncm"));
}

}  // namespace
}  // namespace promptcl::report
