// `promptcl report`: its words, the built program, and where the pictures come from.
#include "promptcl/cli/command_line.h"
#include "promptcl/cli/example_images.h"
#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/registry.h"
#include "promptcl/io/file.h"

#include "tests/cli/shell.h"
#include "tests/data/picture_files.h"
#include "tests/report/small_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

ReportOptions report_options(std::vector<std::string> words) {
    words.insert(words.begin(), "report");
    return std::get<ReportOptions>(parse(words));
}

TEST(ReportCommand, WritesIntoTheFolderOfALoneRunAndElseIntoThisOne) {
    EXPECT_EQ(report_options({"runs/l2p"}).output, "runs/l2p/report.html");
    EXPECT_EQ(report_options({"runs/l2p", "runs/ncm"}).output, "report.html");
    EXPECT_EQ(report_options({"runs/l2p", "--output", "a.html"}).output, "a.html");
    EXPECT_TRUE(report_options({"runs/l2p"}).images);
    EXPECT_FALSE(report_options({"runs/l2p", "--without-images"}).images);
}

TEST(ReportCommand, IsRefusedWithoutARunOrWithAPlaceThatCannotBeWritten) {
    EXPECT_THAT(message_of<UsageError>([] { report_options({}); }),
                HasSubstr("not told which runs"));
    EXPECT_THAT(message_of<Error>([] {
                    report_options({"a", "--output", "none/a.html"});
                }),
                HasSubstr("there is no folder"));
}

TEST(ReportProgram, WritesThePageAndSaysWhere) {
    const TemporaryFolder folder;
    const auto run = report::write_whole_run(folder, "l2p");
    const auto outcome = promptcl("report " + run.string());
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.output, StartsWith((run / "report.html").string() + " ("));
    const auto page = io::read_file(run / "report.html");
    EXPECT_THAT(page, HasSubstr("The pictures are missing: there is no folder gone any more."));
    EXPECT_LT(page.size(), 1'000'000U);
}

TEST(ReportProgram, RefusesWhatIsNoRunInOneSentence) {
    const TemporaryFolder folder;
    const auto none = promptcl("report " + (folder / "none").string());
    EXPECT_EQ(none.code, 3);
    EXPECT_THAT(none.output, AllOf(HasSubstr("none is no run folder"), HasSubstr("--workdir")));
    const auto run = report::write_small_run(folder, "l2p");
    folder.write("l2p/results.json", "[");
    const auto damaged = promptcl("report " + run.string());
    EXPECT_EQ(damaged.code, 3);
    EXPECT_THAT(damaged.output, HasSubstr("results.json is damaged"));
    EXPECT_FALSE(fs::exists(run / "report.html"));
}

/// A run on a folder of pictures: green ones of the class "a", red ones of "b".
class RunImages : public ::testing::Test {
  protected:
    RunImages() {
        for (int i = 0; i < 10; ++i) {
            folder_.write("data/a/" + std::to_string(i) + ".png",
                          data::flat_png(200, 100, 0, 200, 0));
            folder_.write("data/b/" + std::to_string(i) + ".png", data::flat_png(8, 8, 200, 0, 0));
        }
        auto& config = record_.results.config;
        config.dataset = "image_folder";
        config.data_dir = (folder_ / "data").string();
        config.cache_dir = (folder_ / "cache").string();
        record_.results.data_sha256 = data::open_dataset(config).sha256;
        record_.predictions.emplace();
        record_.examples.wrong = {{.made = {.image_id = 0}}, {.made = {.image_id = 1'000'000}}};
    }
    void add() {
        data::OpenObserver observer;
        add_images(record_, observer);
    }

    TemporaryFolder folder_;
    report::RunRecord record_;
};

TEST_F(RunImages, AreSmallPicturesWithTheirOrigin) {
    add();
    const auto& [known, unknown] = std::tie(record_.examples.wrong[0], record_.examples.wrong[1]);
    EXPECT_THAT(known.origin, StartsWith("a/"));
    const auto image = data::decode_image(std::as_bytes(std::span(known.png)), "thumbnail");
    EXPECT_EQ(image.height, 96);
    EXPECT_EQ(image.width, 48);
    EXPECT_EQ(image.rgb[1], 200);
    EXPECT_THAT(unknown.png, IsEmpty());
    EXPECT_THAT(record_.without_images, IsEmpty());
}

TEST_F(RunImages, OfOtherDataAreNotShown) {
    record_.results.data_sha256 = "another";
    add();
    EXPECT_THAT(record_.without_images, HasSubstr("is not what the run was trained on"));
    EXPECT_THAT(record_.examples.wrong[0].png, IsEmpty());
}

TEST_F(RunImages, WhoseDataAreGoneAreNotShown) {
    fs::remove_all(folder_ / "data");
    add();
    EXPECT_THAT(record_.without_images, HasSubstr("there is no folder"));
}

}  // namespace
}  // namespace promptcl::cli
