// What each section of the page says about the run of small_run.h.
#include "promptcl/report/page/sections.h"

#include "tests/report/small_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace promptcl::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Sections : public ::testing::Test {
  protected:
    Sections() { read({write_whole_run(folder_, "l2p")}); }
    void read(const std::vector<std::filesystem::path>& folders) { runs_ = read_runs(folders); }
    std::string html(Section (*section)(Runs)) { return section(runs_).content.html(); }
    /// The text of an element, without its tags.
    static std::string words(const std::string& html) {
        return std::regex_replace(html, std::regex("<[^>]*>"), "|");
    }

    TemporaryFolder folder_;
    std::vector<RunRecord> runs_;
};

TEST_F(Sections, ShowWhatCameOutBothWays) {
    EXPECT_THAT(html(overview_section), AllOf(HasSubstr("<span>accuracy</span><b>62.50 %</b>"),
                                              HasSubstr("batch-wise; instance-wise 37.50 %"),
                                              HasSubstr("<span>forgetting</span><b>25.00 %</b>"),
                                              HasSubstr("instance-wise 50.00 %"),
                                              HasSubstr("<span>when learnt</span><b>75.00 %</b>"),
                                              HasSubstr("<b>1:05</b>")));
}

TEST_F(Sections, ShowAverageAccuracyAndForgettingAfterEveryTask) {
    const auto text = words(html(accuracy_section));
    // After two tasks: (0.25 + 1) / 2 and (0 + 0.75) / 2; lost 0.5 - 0.25 and 0.5 - 0.
    EXPECT_THAT(text, AllOf(HasSubstr("|1||50.00 %||50.00 %|"), HasSubstr("|2||62.50 %||37.50 %|"),
                            HasSubstr("|1||-||-|"), HasSubstr("|2||25.00 %||50.00 %|")));
}

TEST_F(Sections, ShowTheAccuracyMatrices) {
    const auto text = words(html(matrix_section));
    EXPECT_THAT(text,
                AllOf(HasSubstr("|2||25.00 %||100.00 %|"), HasSubstr("|2||0.00 %||75.00 %|")));
}

TEST_F(Sections, HoldBatchWiseAgainstInstanceWise) {
    EXPECT_THAT(words(html(choice_section)), AllOf(HasSubstr("|1||25.00 %||0.00 %||+25.00|"),
                                                   HasSubstr("|2||100.00 %||75.00 %||+25.00|")));
}

TEST_F(Sections, ShowLossAndAccuracyOfTrainingTaskByTask) {
    EXPECT_THAT(words(html(training_section)),
                AllOf(HasSubstr("|l2p||1||4||3||2|"), HasSubstr("|l2p||2||3||2||1|"),
                      HasSubstr("|l2p||2||75.00 %||87.50 %||100.00 %|")));
}

TEST_F(Sections, ShowPromptsEntropyAndDeadOnes) {
    const auto text = words(html(prompts_section));
    // Batch-wise each task has a prompt of its own; instance-wise task 0 shares two.
    EXPECT_THAT(text, AllOf(HasSubstr("|1||100.00 %||0.00 %||0.00 %||0.00||1.00|"),
                            HasSubstr("|1||50.00 %||50.00 %||0.00 %||1.00||2.00|"),
                            HasSubstr("1 of 3 prompts are chosen by no image: 2."),
                            HasSubstr("|2||0.71||0.71||1.00|")));
}

TEST_F(Sections, TakePromptsFromTheEventFilesWithoutPredictions) {
    std::filesystem::remove(folder_ / "l2p/predictions.npz");
    read({folder_ / "l2p"});
    EXPECT_THAT(words(html(prompts_section)),
                AllOf(HasSubstr("|1||75.00 %||0.00 %||25.00 %|"), HasSubstr("promptcl eval")));
}

TEST_F(Sections, ShowWhichTasksAndClassesAreTakenForEachOther) {
    const auto text = words(html(confusion_section));
    EXPECT_THAT(text, AllOf(HasSubstr("|1||50.00 %||50.00 %|"), HasSubstr("|2||0.00 %||100.00 %|"),
                            HasSubstr("|1||25.00 %||25.00 %||50.00 %|"),
                            HasSubstr("|ant||cat||1 of 2||50.00 %|")));
}

TEST_F(Sections, ShowExamplesAndSayWhyTheirPicturesAreMissing) {
    runs_[0].examples.wrong[0].png = "PNG";
    runs_[0].examples.wrong[0].origin = "ants/1.png";
    runs_[0].without_images = "there is no folder gone";
    EXPECT_THAT(html(examples_section),
                AllOf(HasSubstr("<b>ant</b><span class=\"wrong\">taken for cat</span>"),
                      HasSubstr("src=\"data:image/png;base64,UE5H\""), HasSubstr("ants/1.png"),
                      HasSubstr("The pictures are missing: there is no folder gone."),
                      HasSubstr("task 1, confidence 71 %")));
}

TEST_F(Sections, ShowWhatTheRunCost) {
    EXPECT_THAT(words(html(cost_section)),
                AllOf(HasSubstr("|l2p||54.0 s||6.0 s||5.0 s|"), HasSubstr("250 MB")));
}

TEST_F(Sections, ShowWhatTheConfigurationChanges) {
    EXPECT_THAT(words(html(config_section)), HasSubstr("|prompt_pool_param.pool_size||3||10|"));
}

TEST_F(Sections, ShowWhereConfigurationsOfSeveralRunsDiffer) {
    auto results = small_results();
    results["config"]["num_epochs"] = 99;
    const auto other = write_small_run(folder_, "other");
    folder_.write("other/results.json", results.dump());
    read({folder_ / "l2p", other});
    const auto text = words(html(config_section));
    const auto table = text.substr(0, text.find("default of the method"));
    EXPECT_THAT(table, AllOf(HasSubstr("|num_epochs||5||99|"), Not(HasSubstr("pool_size"))));
}

TEST_F(Sections, OfARunWithResultsAloneNameTheCommandThatFillsThem) {
    const auto bare = write_small_run(folder_, "bare");
    read({bare});
    const std::string command = "promptcl eval " + bare.string();
    EXPECT_THAT(html(prompts_section), HasSubstr(command));
    EXPECT_THAT(html(confusion_section), HasSubstr(command));
    EXPECT_THAT(html(examples_section), HasSubstr(command));
    EXPECT_THAT(html(training_section), HasSubstr("No run has curves"));
}

TEST_F(Sections, PutTheNotesOnFilesOnThePage) {
    runs_[0].notes = {"a <file> is damaged"};
    EXPECT_THAT(html(files_section), HasSubstr("a &lt;file&gt; is damaged"));
}

}  // namespace
}  // namespace promptcl::report
