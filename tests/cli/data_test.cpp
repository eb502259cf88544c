// `promptcl data`, with files from a web server on this machine.
#include "tests/cli/shell.h"
#include "tests/data/picture_files.h"
#include "tests/fetch/http_server.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <iterator>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(DataList, IsTheTableOfTheManual) {
    EXPECT_THAT(text_of(fs::path(PROMPTCL_SOURCE_DIR) / "docs/data.md"),
                HasSubstr(promptcl("data list --markdown").output))
        << "docs/data.md: paste the output of promptcl data list --markdown";
}

TEST(DataCheck, SaysWhatIsThereAndFailsWhenSomethingIsMissing) {
    const TemporaryFolder folder;
    const std::string record = std::string(2, '\0') + std::string(3 * 32 * 32, 'x');
    folder.write("train.bin", record + record);
    folder.write("test.bin", record);
    const auto outcome = promptcl("data check " + folder.string());
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.output,
                AllOf(HasSubstr(folder.string() + ": cifar100\n"),
                      HasSubstr("training images: 2 (0 to 2 a class)"), HasSubstr("class_99"),
                      HasSubstr("not complete: 3 of 60000 images")));
    EXPECT_THAT(promptcl("data check --json " + folder.string()).output,
                HasSubstr("\"complete\": false"));
}

TEST(DataCheck, FailsInOneSentenceOnWhatCannotBeRead) {
    const TemporaryFolder folder;
    folder.write("train.bin", "short");
    const auto outcome = promptcl("data check " + folder.string());
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.output, HasSubstr("train.bin"));
}

TEST(DataCheck, WritesTheTestImagesForAnotherRun) {
    const TemporaryFolder folder;
    const std::string table = "path,label,split\n1.png,cat,train\n2.png,cat,test\n";
    for (const std::string name : {"1.png", "2.png"})
        folder.write(name, data::flat_png(8, 8, 1, 2, 3));
    const auto file = folder.write("data.csv", table);
    const auto outcome = promptcl("data check " + file.string() + " --dataset csv --write-split " +
                                  (folder / "split.txt").string());
    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_THAT(text_of(folder / "split.txt"), HasSubstr("\n2.png\n"));
}

TEST(DataCheck, ReadsEveryArrayOfABackbone) {
    const fs::path shipped = fs::path(PROMPTCL_SOURCE_DIR) / "assets/demo_vit.npz";
    const auto outcome = promptcl("data check " + shipped.string());
    EXPECT_EQ(outcome.code, 0) << outcome.output;
    EXPECT_THAT(outcome.output,
                AllOf(HasSubstr("patch"), HasSubstr("SHA-256"), HasSubstr("complete")));
    const TemporaryFolder folder;
    const auto cut = folder.write("cut.npz", text_of(shipped).substr(0, 5000));
    EXPECT_EQ(promptcl("data check " + cut.string()).code, 3);
}

class DataFetch : public ::testing::Test {
  protected:
    Outcome fetch(const std::string& name) {
        return promptcl(fmt::format("data fetch {} --to {} --mirror {}", name,
                                    folder_.path().string(), server_.address()));
    }

    fetch::HttpServer server_;
    TemporaryFolder folder_;
};

TEST_F(DataFetch, SaysWhereTheFileIsAndHowItIsUsed) {
    server_.serve("ViT-B_16.npz", "abc");
    const auto outcome = fetch("ViT-B_16");
    const fs::path file = folder_.path() / "ViT-B_16/ViT-B_16.npz";
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.output,
                AllOf(HasSubstr("licence: Apache-2.0"), HasSubstr("no checksum is published"),
                      HasSubstr("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                      HasSubstr("--set init_checkpoint=" + file.string())));
    EXPECT_EQ(text_of(file), "abc");
}

TEST_F(DataFetch, FailsInOneSentence) {
    const auto missing = fetch("cifar100");
    EXPECT_EQ(missing.code, 3);
    EXPECT_THAT(missing.output, HasSubstr("promptcl: cannot fetch " + server_.address() +
                                          "cifar-100-binary.tar.gz: the server answers 404"));
    server_.serve("notMNIST_small.tar.gz", std::string(8458043, '0'));
    const auto wrong = fetch("not_mnist");
    EXPECT_EQ(wrong.code, 3);
    EXPECT_THAT(wrong.output, HasSubstr("instead of c9890a473a9769fda4bdf314aaf500dd"));
}

TEST_F(DataFetch, GoesOnAfterAnInterruption) {
    server_.serve("ViT-B_16.npz", std::string(1000, 'x'), {.stall_after = 500});
    const std::string folder = folder_.path().string();
    const auto stopped = shell(fmt::format(
        "(timeout --signal=INT 1 {} data fetch ViT-B_16 --to {} --mirror {} || echo code $?)",
        PROMPTCL_PROGRAM, folder, server_.address()));
    EXPECT_THAT(stopped.output, HasSubstr("promptcl: stopped; what has come is kept"));
    EXPECT_EQ(fs::file_size(folder_.path() / "ViT-B_16/ViT-B_16.npz.part"), 500U);

    server_.serve("ViT-B_16.npz", std::string(1000, 'x'));
    EXPECT_EQ(fetch("ViT-B_16").code, 0);
    EXPECT_EQ(server_.requests().back().range, "bytes=500-");
    EXPECT_EQ(text_of(folder_.path() / "ViT-B_16/ViT-B_16.npz"), std::string(1000, 'x'));
}

}  // namespace
}  // namespace promptcl::cli
