#include "promptcl/predict/predictor.h"

#include "promptcl/core/error.h"

#include "tests/predict/tiny_predictor.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace promptcl::predict {
namespace {

TEST(Predictor, AnswersAnImageTheSameBitsWhateverStandsBesideIt) {
    for (const auto& config : {support::small_l2p(), support::small_dualprompt()}) {
        const TinyPredictor tiny(config);
        const Predictor predictor = tiny.predictor();
        const auto pixels = images(7);
        const auto together = predictor.answer(pixels, 7);
        std::vector<float> reversed;
        for (std::int64_t i = 6; i >= 0; --i) {
            reversed.insert(reversed.end(), pixels.begin() + i * kPixels,
                            pixels.begin() + (i + 1) * kPixels);
        }
        const auto backwards = predictor.answer(reversed, 7);
        for (std::size_t i = 0; i < 7; ++i) {
            const auto alone = predictor.answer(
                std::span(pixels).subspan(i * kPixels, static_cast<std::size_t>(kPixels)), 1);
            EXPECT_EQ(together[i].logits, alone[0].logits);
            EXPECT_EQ(backwards[6 - i].logits, alone[0].logits);
            EXPECT_EQ(together[i].prompts, alone[0].prompts);
        }
    }
}

TEST(Predictor, AnswersTheSameBitsOnAnyNumberOfThreads) {
    const auto pixels = images(5);
    const TinyPredictor one(support::small_l2p(), 1), three(support::small_l2p(), 3);
    const auto expected = one.predictor().answer(pixels, 5);
    const auto actual = three.predictor().answer(pixels, 5);
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ(actual[i].logits, expected[i].logits);
}

TEST(Predictor, IsAskedByManyThreadsAtOnce) {
    const TinyPredictor tiny(support::small_dualprompt());
    const Predictor predictor = tiny.predictor();
    const auto pixels = images(4);
    const auto expected = predictor.answer(pixels, 4);
    std::vector<std::vector<Answer>> answers(4);
    {
        std::vector<std::jthread> askers;
        for (auto& answer : answers)
            askers.emplace_back([&] { answer = predictor.answer(pixels, 4); });
    }
    for (const auto& answer : answers) {
        for (std::size_t i = 0; i < 4; ++i)
            EXPECT_EQ(answer[i].logits, expected[i].logits);
    }
}

TEST(Predictor, SharesItsViTWithOthers) {
    const TinyPredictor tiny(support::small_l2p());
    auto other = support::small_classifier(support::small_dualprompt(), {"red", "blue"}, 5);
    other.backbone.sha256 = tiny.backbone->sha256();
    const Predictor first = tiny.predictor(), second(tiny.backbone, other, "y.pcl");
    const auto before = first.answer(images(2), 2);
    second.answer(images(2), 2);
    EXPECT_EQ(first.answer(images(2), 2)[1].logits, before[1].logits);
}

TEST(Predictor, OfNoImageAnswersNothing) {
    EXPECT_TRUE(TinyPredictor(support::small_l2p()).predictor().answer({}, 0).empty());
}

TEST(Predictor, RefusesAClassifierOfAnotherViT) {
    TinyPredictor tiny(support::small_l2p());
    tiny.classifier.backbone.sha256 = "0123";
    EXPECT_THAT(message_of<Error>([&] { tiny.predictor(); }),
                testing::HasSubstr("x.pcl belongs to the backbone tiny_vit.npz (SHA-256 0123)"));
}

}  // namespace
}  // namespace promptcl::predict
