#include "promptcl/predict/measure.h"

#include "promptcl/data/transform.h"

#include "tests/predict/tiny_predictor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace promptcl::predict {
namespace {

using testing::ElementsAre;

void ignore(std::int64_t, std::int64_t) {}

/// What the predictor says of every image by itself.
std::vector<Answer> answers_of(const Predictor& predictor, const data::Dataset& images) {
    std::vector<Answer> result;
    const LabelledImages all = all_of(images);
    answer_each(
        predictor, images, all.ids,
        [&](std::size_t, const Answer& answer) { result.push_back(answer); }, ignore);
    return result;
}

TEST(AnswerEach, SeesTheImagesAsEvaluationDoesAndSaysHowFarItIs) {
    const TinyPredictor tiny(support::small_l2p());
    const Predictor predictor = tiny.predictor();
    const auto images = random_dataset(std::vector<std::int64_t>(20, 0));
    std::vector<std::int64_t> done;
    const std::vector<std::int64_t> ids = {19, 3};
    std::vector<Answer> answers;
    answer_each(
        predictor, images, ids,
        [&](std::size_t place, const Answer& answer) {
            EXPECT_EQ(place, answers.size());
            answers.push_back(answer);
        },
        [&](std::int64_t some, std::int64_t total) {
            done.push_back(some);
            EXPECT_EQ(total, 2);
        });
    std::vector<float> pixels(static_cast<std::size_t>(kPixels));
    data::Transform({.input_size = kTinyImage, .resize_size = 256})
        .evaluate(images.image(3), pixels);
    EXPECT_EQ(answers.at(1).logits, predictor.answer(pixels, 1)[0].logits);
    EXPECT_THAT(done, ElementsAre(2));
}

TEST(FirstOfEachClass, TakesNoMoreOfAnyThanAsked) {
    const auto images = random_dataset({0, 1, 0, 0, 1, 2});
    const auto some = first_of_each_class(all_of(images), 3, 2);
    EXPECT_THAT(some.ids, ElementsAre(0, 1, 2, 4, 5));
    EXPECT_THAT(some.classes, ElementsAre(0, 1, 0, 1, 2));
}

TEST(ClassMeansOfImages, AreMeansOfQueriesAndFeaturesAndLeaveOtherClassesAlone) {
    TinyPredictor tiny(support::small_dualprompt());
    const Predictor predictor = tiny.predictor();
    const auto images = random_dataset({0, 2, 0});
    const auto answers = answers_of(predictor, images);
    model::State state = tiny.classifier.state;
    const auto before = state.arrays.at("class/query").as_float();
    set_class_means(state, predictor, all_of(images), ignore);
    const auto query = state.arrays.at("class/query").as_float(),
               feature = state.arrays.at("class/feature").as_float();
    for (std::size_t d = 0; d < 8; ++d) {
        EXPECT_FLOAT_EQ(query[d], (answers[0].query[d] + answers[2].query[d]) / 2);
        EXPECT_FLOAT_EQ(feature[d], (answers[0].feature[d] + answers[2].feature[d]) / 2);
        EXPECT_EQ(query[8 + d], before[8 + d]);
        EXPECT_FLOAT_EQ(feature[16 + d], answers[1].feature[d]);
    }
    EXPECT_EQ(state.arrays.at("class/images").as_float()[0], 2);
    EXPECT_EQ(state.arrays.at("class/images").as_float()[2], 1);
}

TEST(Calibrating, FitsOnEverySecondImageOfAClassAndMeasuresOnTheOthers) {
    TinyPredictor tiny(support::small_l2p());
    const Predictor predictor = tiny.predictor();
    const auto images = random_dataset({0, 0, 0, 1, 1, 2});
    const auto answers = answers_of(predictor, images);
    model::State state = tiny.classifier.state;
    const HeldOut held_out = calibrate(state, predictor, all_of(images), ignore);
    EXPECT_EQ(held_out.images, 6);
    EXPECT_EQ(state.calibration.images, 4);  // 0, 2, 3 and 5
    std::vector<float> logits;
    const std::vector<std::int64_t> labels = {0, 0, 1, 2};
    std::vector<model::Likeness> fitted, others;
    for (const std::size_t i : {0U, 2U, 3U, 5U}) {
        logits.insert(logits.end(), answers[i].logits.begin(), answers[i].logits.end());
        fitted.push_back(answers[i].likeness);
    }
    for (const std::size_t i : {1U, 4U})
        others.push_back(answers[i].likeness);
    EXPECT_DOUBLE_EQ(state.calibration.temperature, model::fit_temperature({logits, labels}));
    const auto expected = model::fit_threshold(fitted, others, 0.10);
    const model::Threshold& actual = state.calibration.thresholds.back();
    EXPECT_EQ(actual.wanted, 0.10);
    EXPECT_EQ(actual.least.key, expected.least.key);
    EXPECT_EQ(actual.least.class_mean, expected.least.class_mean);
    EXPECT_EQ(actual.measured, expected.measured);
}

TEST(Calibrating, WithoutImagesChangesNothing) {
    TinyPredictor tiny(support::small_l2p());
    model::State state = tiny.classifier.state;
    EXPECT_EQ(calibrate(state, tiny.predictor(), {}, ignore).images, 0);
    EXPECT_EQ(state.calibration.temperature, tiny.classifier.state.calibration.temperature);
}

TEST(Accuracy, IsTheShareOfImagesWhoseClassHasTheLargestLogit) {
    TinyPredictor tiny(support::small_l2p());
    std::vector<float> bias = {0, 1000, 0};  // everything is a dog
    tiny.classifier.state.arrays["head/bias"] = io::Array::of(std::span<const float>(bias), {3});
    const auto images = random_dataset({1, 0, 1, 1});
    EXPECT_EQ(accuracy(tiny.predictor(), all_of(images), ignore), 0.75);
}

}  // namespace
}  // namespace promptcl::predict
