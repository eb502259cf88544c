// The C header: opening and asking classifiers.
#include "promptcl/classifier.h"
#include "promptcl/core/version.h"
#include "promptcl/io/file.h"
#include "promptcl/promptcl.h"

#include "tests/api/small_files.h"
#include "tests/data/picture_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace promptcl::api {
namespace {

using testing::HasSubstr;

class CClassifier : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(promptcl_backbone_open(files_.vit().c_str(), 1, &vit_), PROMPTCL_OK);
        ASSERT_EQ(promptcl_classifier_open(files_.at("cats.pcl").c_str(), vit_, &cats_),
                  PROMPTCL_OK);
        std::ofstream(picture_, std::ios::binary) << data::flat_png(11, 9, 200, 90, 30);
    }
    void TearDown() override {
        promptcl_classifier_close(cats_);
        promptcl_backbone_close(vit_);
    }

    SmallFiles files_;
    std::string picture_ = files_.at("a.png").string();
    promptcl_backbone* vit_ = nullptr;
    promptcl_classifier* cats_ = nullptr;
    std::array<double, 3> probabilities_{};
};

TEST_F(CClassifier, GivesTheProbabilitiesOfTheCppApi) {
    const auto expected = Classifier(files_.at("cats.pcl"), Backbone(files_.vit(), 1))
                              .classify(std::filesystem::path(picture_));
    ASSERT_EQ(promptcl_num_classes(cats_), 3U);
    ASSERT_EQ(promptcl_classify_file(cats_, picture_.c_str(), probabilities_.data()), PROMPTCL_OK);
    EXPECT_THAT(probabilities_, testing::ElementsAreArray(expected.probabilities));
}

TEST_F(CClassifier, AnswersAFileItsContentsItsPixelsAndManyFilesAlike) {
    ASSERT_EQ(promptcl_classify_file(cats_, picture_.c_str(), probabilities_.data()), PROMPTCL_OK);
    std::array<double, 3> other{};
    const std::string contents = io::read_file(picture_);
    ASSERT_EQ(promptcl_classify_bytes(cats_, contents.data(), contents.size(), other.data()),
              PROMPTCL_OK);
    EXPECT_EQ(other, probabilities_);
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < 11 * 9; ++i)
        pixels.insert(pixels.end(), {200, 90, 30});
    ASSERT_EQ(promptcl_classify_rgb(cats_, pixels.data(), 11, 9, other.data()), PROMPTCL_OK);
    EXPECT_EQ(other, probabilities_);
    std::array<double, 6> both{};
    const std::array<const char*, 2> files = {picture_.c_str(), picture_.c_str()};
    ASSERT_EQ(promptcl_classify_files(cats_, files.data(), files.size(), both.data()), PROMPTCL_OK);
    EXPECT_TRUE(std::equal(both.begin(), both.begin() + 3, probabilities_.begin()));
    EXPECT_TRUE(std::equal(both.begin() + 3, both.end(), probabilities_.begin()));
}

TEST_F(CClassifier, NamesItsClassesAndItsVersion) {
    EXPECT_STREQ(promptcl_class_name(cats_, 2), "owl");
    EXPECT_EQ(promptcl_class_name(cats_, 3), nullptr);
    EXPECT_STREQ(promptcl_version(), kVersion);
}

TEST_F(CClassifier, OutlivesTheBackboneItWasOpenedOver) {
    promptcl_backbone_close(vit_);
    vit_ = nullptr;
    EXPECT_EQ(promptcl_classify_file(cats_, picture_.c_str(), probabilities_.data()), PROMPTCL_OK);
}

TEST_F(CClassifier, SavesTheBytesItWasReadFrom) {
    const std::string copy = files_.at("copy.pcl").string();
    ASSERT_EQ(promptcl_classifier_save(cats_, copy.c_str()), PROMPTCL_OK);
    EXPECT_EQ(io::read_file(copy), io::read_file(files_.at("cats.pcl")));
}

TEST_F(CClassifier, TellsInAStatusAndASentenceWhatIsWrong) {
    promptcl_classifier* none = nullptr;
    EXPECT_EQ(promptcl_classifier_open("no.pcl", vit_, &none), PROMPTCL_WORLD);
    EXPECT_THAT(promptcl_last_error(), HasSubstr("no.pcl"));
    EXPECT_EQ(none, nullptr);
    EXPECT_EQ(promptcl_classifier_open(nullptr, vit_, &none), PROMPTCL_USAGE);
    EXPECT_THAT(promptcl_last_error(), HasSubstr("file is NULL"));
    EXPECT_EQ(promptcl_classifier_rolled_back(cats_, &none), PROMPTCL_USAGE);
    EXPECT_EQ(promptcl_classify_bytes(cats_, "no picture", 10, probabilities_.data()),
              PROMPTCL_WORLD);
    const std::array<const char*, 2> files = {picture_.c_str(), nullptr};
    EXPECT_EQ(promptcl_classify_files(cats_, files.data(), 2, probabilities_.data()),
              PROMPTCL_USAGE);
    EXPECT_THAT(promptcl_last_error(), HasSubstr("files[1] is NULL"));
    EXPECT_EQ(promptcl_classify_file(nullptr, picture_.c_str(), probabilities_.data()),
              PROMPTCL_USAGE);
    EXPECT_EQ(promptcl_num_classes(nullptr), 0U);
    promptcl_classifier_close(nullptr);
}

}  // namespace
}  // namespace promptcl::api
