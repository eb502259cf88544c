// What is said of a checkpoint file: its geometry, and what is wrong with it.
#include "promptcl/backbone/checkpoint.h"
#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::backbone {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kKey = "Transformer/encoderblock_1/MultiHeadDotProductAttention_1/key/kernel";
const std::string kPosition = "Transformer/posembed_input/pos_embedding";

io::Array zeros(const io::Shape& shape) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    const std::vector<float> values(static_cast<std::size_t>(count));
    return io::Array::of(std::span<const float>(values), shape);
}

/// A file with the tiny ViT, after `change`.
class CheckpointFile {
  public:
    template <class Change>
    explicit CheckpointFile(Change change) {
        Checkpoint tiny = support::tiny_checkpoint(1);
        change(tiny.arrays);
        support::write_checkpoint(path(), tiny);
    }
    CheckpointFile() : CheckpointFile([](io::ArrayMap&) {}) {}

    std::filesystem::path path() const { return folder_.path() / "vit.npz"; }
    std::string refusal(const std::string& model_name = "auto") const {
        const std::string surveyed = message_of<Error>([&] { survey(path(), model_name); });
        EXPECT_EQ(message_of<Error>([&] { read_checkpoint(path(), model_name); }), surveyed);
        return surveyed;
    }

  private:
    TemporaryFolder folder_;
};

/// A file with the shapes of a variant and no content to speak of.
Checkpoint blank(const std::string& variant, std::int64_t grid) {
    Checkpoint result;
    for (const auto& [name, shape] : array_shapes(*find_variant(variant), grid))
        result.arrays[name] = zeros(shape);
    return result;
}

TEST(Survey, ReadsTheGeometryOfAnUnlistedVitFromTheFile) {
    const Survey found = survey(CheckpointFile().path(), "auto");
    EXPECT_EQ(found.geometry.name, "unlisted");
    EXPECT_TRUE(found.geometry.same_shape(support::tiny_geometry()));
    EXPECT_EQ(found.geometry.dropout, 0.0);
    EXPECT_EQ(found.grid, 2);
    EXPECT_TRUE(found.ignored.empty());
}

TEST(Survey, GivesAListedVitItsNameAndDropout) {
    const TemporaryFolder folder;
    support::write_checkpoint(folder.path() / "x.npz", blank("testing", 3));
    for (const std::string name : {"auto", "testing"}) {
        const Survey found = survey(folder.path() / "x.npz", name);
        EXPECT_EQ(found.geometry.name, "testing");
        EXPECT_EQ(found.geometry.dropout, 0.1);
        EXPECT_EQ(found.grid, 3);
    }
}

TEST(Survey, ListsTheHeadAsIgnored) {
    const CheckpointFile file([](io::ArrayMap& arrays) {
        arrays["head/kernel"] = zeros({8, 5});
        arrays["pre_logits/bias"] = zeros({8});
    });
    EXPECT_THAT(survey(file.path(), "auto").ignored, ElementsAre("head/kernel", "pre_logits/bias"));
    const Checkpoint read = read_checkpoint(file.path(), "auto");
    EXPECT_THAT(read.survey.ignored, ElementsAre("head/kernel", "pre_logits/bias"));
    EXPECT_FALSE(read.arrays.contains("head/kernel"));
}

TEST(Survey, NamesTheFirstArrayThatIsMissing) {
    const CheckpointFile file([](io::ArrayMap& arrays) { arrays.erase(kKey); });
    EXPECT_THAT(file.refusal(), AllOf(HasSubstr(file.path().string()), HasSubstr(kKey)));
}

TEST(Survey, NamesTheArrayThatIsMisshapedAndBothShapes) {
    const CheckpointFile file([](io::ArrayMap& arrays) { arrays[kKey] = zeros({8, 4, 2}); });
    EXPECT_THAT(file.refusal(), AllOf(HasSubstr(file.path().string()), HasSubstr(kKey),
                                      HasSubstr("[8, 4, 2]"), HasSubstr("[8, 2, 4]")));
}

TEST(Survey, NamesTheArrayOfAnotherRank) {
    const CheckpointFile file([](io::ArrayMap& arrays) { arrays["cls"] = zeros({8}); });
    EXPECT_THAT(file.refusal(), AllOf(HasSubstr("cls"), HasSubstr("[8]")));
}

TEST(Survey, RefusesAWidthThatTheHeadsDoNotDivide) {
    const CheckpointFile file([](io::ArrayMap& arrays) {
        arrays["Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel"] =
            zeros({8, 3, 4});
    });
    EXPECT_THAT(file.refusal(), HasSubstr("3 heads"));
}

TEST(Survey, RefusesAGridThatIsNotSquare) {
    const CheckpointFile file([](io::ArrayMap& arrays) { arrays[kPosition] = zeros({1, 7, 8}); });
    EXPECT_THAT(file.refusal(), AllOf(HasSubstr(kPosition), HasSubstr("7 rows")));
}

TEST(Survey, RefusesAFileOfOtherArraysNamingTheOneItLooksFor) {
    const CheckpointFile file([](io::ArrayMap& arrays) {
        arrays.clear();
        arrays["weight"] = zeros({3});
    });
    EXPECT_THAT(file.refusal(), HasSubstr("embedding/kernel"));
}

TEST(Survey, SuggestsTheModelNameThatFitsTheFile) {
    const TemporaryFolder folder;
    support::write_checkpoint(folder.path() / "x.npz", blank("testing", 2));
    EXPECT_THAT(message_of<Error>([&] { survey(folder.path() / "x.npz", "ViT-B_16"); }),
                AllOf(HasSubstr("x.npz"), HasSubstr("ViT-B_16"), HasSubstr("width 768"),
                      HasSubstr("width 10"), HasSubstr("model_name = \"testing\"")));
    EXPECT_THAT(CheckpointFile().refusal("ViT-B_16"), HasSubstr("model_name = \"auto\""));
}

TEST(Survey, RefusesAModelNameThatIsNone) {
    const CheckpointFile file;
    EXPECT_THAT(message_of<UsageError>([&] { survey(file.path(), "ViT-Q"); }), HasSubstr("ViT-Q"));
}

TEST(ReadCheckpoint, HoldsEveryArrayAsItLiesInTheFile) {
    const Checkpoint read = read_checkpoint(CheckpointFile().path(), "auto");
    EXPECT_EQ(read.arrays, support::tiny_checkpoint(1).arrays);
}

}  // namespace
}  // namespace promptcl::backbone
