// The C++ API: opening and asking classifiers.
#include "promptcl/classifier.h"

#include "promptcl/data/transform.h"
#include "promptcl/io/file.h"

#include "tests/api/small_files.h"
#include "tests/data/picture_files.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace promptcl::api {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class ClassifierApi : public testing::Test {
  protected:
    Picture picture() const { return {.height = 11, .width = 9, .rgb = pixels_}; }
    /// A picture file; its path.
    fs::path file(const std::string& name, std::uint8_t red) const {
        const fs::path path = files_.at(name);
        std::ofstream(path, std::ios::binary) << data::flat_png(11, 9, red, 90, 30);
        return path;
    }

    SmallFiles files_;
    std::vector<std::uint8_t> pixels_ = random_pixels(11, 9);
    Backbone vit_{files_.vit(), 1};
    Classifier cats_{files_.at("cats.pcl"), vit_};
};

TEST_F(ClassifierApi, AnswersWhatThePredictorBehindTheProgramAnswers) {
    const auto classifier = model::read_classifier(files_.at("cats.pcl"));
    const auto backbone = std::make_shared<const predict::Backbone>(
        files_.vit(), predict::arithmetic_of(classifier.state.config), 1);
    const data::Transform transform(classifier.state.config.images);
    std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
    transform.evaluate({11, 9, pixels_}, pixels);
    const auto expected = predict::Predictor(backbone, classifier, "x").answer(pixels, 1).front();

    const Answer answer = cats_.classify(picture());
    EXPECT_EQ(answer.logits, expected.logits);
    EXPECT_EQ(answer.prompts, expected.prompts);
    EXPECT_EQ(answer.key_likeness, expected.likeness.key);
    EXPECT_EQ(answer.probabilities,
              model::probabilities(expected.logits, classifier.state.calibration.temperature));
}

TEST_F(ClassifierApi, NamesTheClassesAndTheMostProbableOne) {
    EXPECT_THAT(cats_.class_names(), ElementsAre("cat", "dog", "owl"));
    const Answer answer = cats_.classify(picture());
    EXPECT_EQ(answer.probabilities[answer.best], std::ranges::max(answer.probabilities));
    EXPECT_NEAR(std::accumulate(answer.probabilities.begin(), answer.probabilities.end(), 0.0), 1,
                1e-12);
}

TEST_F(ClassifierApi, AnswersAFileItsContentsAndManyFilesAlike) {
    const std::vector<fs::path> two = {file("a.png", 250), file("b.png", 10)};
    const auto answers = cats_.classify(two);
    ASSERT_EQ(answers.size(), 2U);
    for (std::size_t i = 0; i < two.size(); ++i) {
        const std::string contents = io::read_file(two[i]);
        EXPECT_EQ(cats_.classify(two[i]).logits, answers[i].logits);
        EXPECT_EQ(cats_.classify(std::as_bytes(std::span(contents))).logits, answers[i].logits);
    }
    EXPECT_NE(answers[0].logits, answers[1].logits);
}

TEST_F(ClassifierApi, OpensSeveralClassifiersOverOneViTInMemory) {
    const Classifier birds(files_.at("birds.pcl"), vit_);
    EXPECT_THAT(birds.class_names(), ElementsAre("wren", "kiwi"));
    EXPECT_EQ(birds.backbone().opened(), cats_.backbone().opened());
    EXPECT_EQ(birds.classify(picture()).probabilities.size(), 2U);
    EXPECT_THAT(vit_.describe(), HasSubstr("width"));
}

TEST_F(ClassifierApi, FindsTheViTBesideTheFile) {
    const Classifier found(files_.at("cats.pcl"));
    EXPECT_EQ(found.backbone().file(), files_.vit());
    EXPECT_EQ(found.classify(picture()).logits, cats_.classify(picture()).logits);
}

TEST_F(ClassifierApi, SavesAndRollsBackToTheByte) {
    const auto before = model::read_classifier(files_.at("cats.pcl"));
    model::write_classifier(files_.at("renamed.pcl"),
                            model::renamed(before, "dog", "hound", "2026-11-26T00:00:00Z"));
    const Classifier renamed(files_.at("renamed.pcl"), vit_);
    EXPECT_THAT(renamed.class_names(), ElementsAre("cat", "hound", "owl"));
    renamed.rolled_back().save(files_.at("back.pcl"));
    EXPECT_EQ(io::read_file(files_.at("back.pcl")), io::read_file(files_.at("cats.pcl")));
    EXPECT_THROW(cats_.rolled_back(), UsageError);
}

TEST_F(ClassifierApi, SaysInASentenceWhatIsWrong) {
    EXPECT_THAT(message_of<Error>([&] { Backbone(files_.at("no.npz")); }), HasSubstr("no.npz"));
    EXPECT_THAT(message_of<Error>([&] { Classifier(files_.at("no.pcl"), vit_); }),
                HasSubstr("no.pcl"));
    EXPECT_THAT(message_of<Error>([&] { cats_.classify(files_.at("no.png")); }),
                HasSubstr("no.png"));
    EXPECT_THAT(message_of<Error>([&] {
                    cats_.classify(std::vector<fs::path>{file("a.png", 1), files_.at("no.png")});
                }),
                HasSubstr("no.png"));
    EXPECT_THAT(message_of<Error>(
                    [&] { cats_.classify(Picture{.height = 2, .width = 2, .rgb = pixels_}); }),
                AllOf(HasSubstr("2 x 2 pixels has 12 bytes, not 297"), HasSubstr("row by row")));
    auto unmeasured = model::read_classifier(files_.at("cats.pcl"));
    unmeasured.state.calibration = {};
    model::write_classifier(files_.at("unmeasured.pcl"), unmeasured);
    const Classifier asked(files_.at("unmeasured.pcl"), vit_);
    EXPECT_THAT(message_of<UsageError>([&] { (void)asked.unlike(Answer(), 0.05); }),
                AllOf(HasSubstr("unmeasured.pcl"), HasSubstr("cannot reject an image")));
}

TEST_F(ClassifierApi, RefusesAViTThatIsNotItsOwn) {
    support::write_checkpoint(files_.at("other.npz"), support::tiny_checkpoint(4));
    EXPECT_THAT(message_of<Error>([&] {
                    Classifier(files_.at("cats.pcl"), Backbone(files_.at("other.npz"), 1));
                }),
                AllOf(HasSubstr("cats.pcl"), HasSubstr("other.npz")));
}

TEST_F(ClassifierApi, TellsAPictureThatIsUnlikeAllThatWasLearnt) {
    auto classifier = model::read_classifier(files_.at("cats.pcl"));
    const Answer answer = cats_.classify(picture());
    const auto with_least = [&](double least) {
        classifier.state.calibration.images = 10;
        classifier.state.calibration.thresholds = {
            {.wanted = 0.05, .least = {.key = -1, .class_mean = least}, .measured = 0.05}};
        model::write_classifier(files_.at("t.pcl"), classifier);
        return Classifier(files_.at("t.pcl"), vit_).unlike(answer, 0.05);
    };
    EXPECT_FALSE(with_least(answer.class_likeness - 1e-6));
    EXPECT_TRUE(with_least(answer.class_likeness + 1e-6));
}

}  // namespace
}  // namespace promptcl::api
