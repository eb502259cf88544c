#include "promptcl/report/predictions.h"

#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"

#include "tests/report/small_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::report {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PredictionsFile : public ::testing::Test {
  protected:
    PredictionsFile() { write_small_predictions(folder_.path()); }
    Predictions read(Competing competing) { return read_predictions(file_, competing); }
    /// What is said of the file with one array exchanged.
    std::string refusal(const std::string& array, const io::Array& other) {
        auto arrays = io::read_npz(file_);
        arrays[array] = other;
        io::write_npz(file_, arrays);
        return message_of<Error>([&] { read(Competing::kAll); });
    }

    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "predictions.npz";
};

std::vector<std::int64_t> predicted(const std::vector<Prediction>& all) {
    std::vector<std::int64_t> classes;
    for (const Prediction& made : all)
        classes.push_back(made.predicted);
    return classes;
}

TEST_F(PredictionsFile, GivesTheClassWithTheLargestLogitBothWays) {
    const auto predictions = read(Competing::kAll);
    EXPECT_THAT(predicted(predictions.configured), ElementsAre(0, 2, 0, 3, 2, 2, 3, 3));
    EXPECT_THAT(predicted(predictions.instance), ElementsAre(2, 2, 3, 3, 2, 2, 3, 2));
    EXPECT_EQ(predictions.configured[1].image_id, 11);
    EXPECT_EQ(predictions.configured[1].label, 0);
    EXPECT_FALSE(predictions.configured[1].right());
    EXPECT_THAT(predictions.configured[4].prompts, ElementsAre(1));
}

TEST_F(PredictionsFile, GivesTheSoftmaxOfThePredictedClassAsConfidence) {
    const double wanted = std::exp(2) / (std::exp(2) + 3);
    EXPECT_NEAR(read(Competing::kAll).configured[0].confidence, wanted, 1e-12);
}

TEST_F(PredictionsFile, LetsOnlyTheClassesOfTheTaskCompeteWhereTheRunDoes) {
    const auto predictions = read(Competing::kThoseOfItsTask);
    // Image 11 has its largest logit at class 2, of the other task: classes 0 and 1 are equal.
    EXPECT_EQ(predictions.configured[1].predicted, 0);
    EXPECT_NEAR(predictions.configured[1].confidence, 0.5, 1e-12);
}

TEST_F(PredictionsFile, GivesTheAccuracyOfEachTestSet) {
    EXPECT_THAT(accuracies(read(Competing::kAll).configured), ElementsAre(0.25, 1.0));
    EXPECT_THAT(accuracies(read(Competing::kAll).instance), ElementsAre(0.0, 0.75));
}

TEST_F(PredictionsFile, ThatIsDamagedIsNamedWithTheReasonAndWhatToDo) {
    const std::vector<std::int32_t> three = {0, 1, 2};
    EXPECT_THAT(refusal("task", io::Array::of(three, {3})),
                AllOf(HasSubstr("predictions.npz has arrays of different lengths"),
                      HasSubstr("promptcl eval")));
    EXPECT_THAT(refusal("logits", io::Array::of(three, {3})), HasSubstr("of another shape"));
    io::write_npz(file_, {{"label", io::Array::of(three, {3})}});
    EXPECT_THAT(message_of<Error>([&] { read(Competing::kAll); }),
                HasSubstr("has no array logits"));
}

TEST_F(PredictionsFile, WithALabelThatIsNoClassIsRefused) {
    const std::vector<std::int32_t> labels = {0, 0, 1, 1, 2, 2, 3, 4};
    EXPECT_THAT(refusal("label", io::Array::of(labels, {8})), HasSubstr("out of range"));
}

}  // namespace
}  // namespace promptcl::report
