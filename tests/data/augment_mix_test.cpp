// Mixup and cutmix of a batch and of its labels.
#include "promptcl/data/augment/mix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace promptcl::data::augment {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;

constexpr int kSize = 8;
constexpr std::int64_t kClasses = 4;

/// Image i is i + 1 throughout and of class i.
struct Numbered {
    explicit Numbered(std::int64_t rows) : count(rows) {
        for (std::int64_t i = 0; i < count; ++i) {
            images.insert(images.end(), std::size_t{3} * kSize * kSize, static_cast<float>(i + 1));
            for (std::int64_t c = 0; c < kClasses; ++c)
                targets.push_back(c == i ? 1.0f : 0.0f);
        }
    }
    MixedBatch batch() { return {images, targets, count, kSize}; }
    std::vector<float> image(std::int64_t i) const {
        const auto first = images.begin() + i * 3 * kSize * kSize;
        return {first, first + std::ptrdiff_t{3} * kSize * kSize};
    }
    std::vector<float> target(std::int64_t i) const {
        const auto first = targets.begin() + i * kClasses;
        return {first, first + kClasses};
    }

    std::int64_t count;
    std::vector<float> images, targets;
};

TEST(SmoothLabels, MovesAPartToAllClasses) {
    std::vector<float> targets{1, 0, 0, 0};
    smooth_labels(targets, 4, 0.2f);
    EXPECT_THAT(targets, ElementsAre(FloatNear(0.85f, 1e-6f), FloatNear(0.05f, 1e-6f),
                                     FloatNear(0.05f, 1e-6f), FloatNear(0.05f, 1e-6f)));
}

TEST(Mixup, WeighsImagesAndLabelsAlike) {
    Numbered three(3);
    const std::vector<float> weights{0.75f, 1.0f, 0.5f};
    const std::vector<std::int64_t> partner{2, 0, 1};
    mixup(three.batch(), weights, partner);
    EXPECT_THAT(three.image(0), Each(0.75f * 1 + 0.25f * 3));
    EXPECT_THAT(three.image(1), Each(2.0f));
    EXPECT_THAT(three.image(2), Each(2.5f));  // of image 1 as it was
    EXPECT_THAT(three.target(0), ElementsAre(0.75f, 0, 0.25f, 0));
    EXPECT_THAT(three.target(2), ElementsAre(0, 0.5f, 0.5f, 0));
}

TEST(Cutmix, KeepsTheMaskAndTakesTheRestFromTheOtherEndOfTheBatch) {
    Numbered three(3);
    const std::vector<float> weights{0.25f, 0.5f, 0};
    const std::vector<CutMask> masks{{.top = 1, .left = 3, .side = 4}, {}, {}};
    cutmix(three.batch(), weights, masks);
    const auto mixed = three.image(0);
    for (int i = 0; i < 3 * kSize * kSize; ++i) {
        const int y = i / kSize % kSize, x = i % kSize;
        const bool own = y >= 1 && y < 5 && x >= 3 && x < 7;
        EXPECT_EQ(mixed[static_cast<std::size_t>(i)], own ? 1 : 3) << i;
    }
    EXPECT_THAT(three.image(1), Each(2.0f));  // the middle is its own partner
    EXPECT_THAT(three.image(2), Each(1.0f));  // of image 0 as it was
    EXPECT_THAT(three.target(0), ElementsAre(0.25f, 0, 0.75f, 0));
    EXPECT_THAT(three.target(1), ElementsAre(0, 1, 0, 0));
    EXPECT_THAT(three.target(2), ElementsAre(1, 0, 0, 0));
}

TEST(CutMask, HasItsPartOfTheAreaAndLiesInTheImage) {
    Rng rng(1);
    EXPECT_EQ(drawn_mask(0.5f, 224, rng).side, 158);  // floor(224 * 0.7071)
    std::int64_t largest = 0;
    for (int i = 0; i < 500; ++i) {
        const CutMask mask = drawn_mask(0.25f, kSize, rng);
        EXPECT_EQ(mask.side, 4);
        EXPECT_GE(std::min(mask.top, mask.left), 0);
        largest = std::max({largest, mask.top, mask.left});
    }
    EXPECT_EQ(largest, 3);  // {0, ..., 7} mod 4
}

TEST(Mix, LeavesTheBatchAloneAsOftenAsItIsTold) {
    int unmixed = 0;
    for (int seed = 0; seed < 400; ++seed) {
        Numbered four(4);
        const Numbered original(4);
        mix(four.batch(), {.cutmix_alpha = 1, .smoothing = 0.1, .prob_to_apply = 0.25},
            Rng(2).fork("batch", seed));
        unmixed += four.images == original.images && four.targets == original.targets ? 1 : 0;
    }
    EXPECT_NEAR(unmixed, 300, 35);  // 4 standard deviations
}

TEST(Mix, DrawsOneOfTheTwoAndKeepsLabelsThatSumToOne) {
    int by_mixup = 0;
    for (int seed = 0; seed < 400; ++seed) {
        Numbered four(4);
        mix(four.batch(), {.mixup_alpha = 0.8, .cutmix_alpha = 1, .smoothing = 0.1},
            Rng(2).fork("batch", seed));
        by_mixup +=
            std::ranges::all_of(four.images, [](float x) { return x == std::floor(x); }) ? 0 : 1;
        for (std::int64_t i = 0; i < 4; ++i) {
            float sum = 0;
            for (const float target : four.target(i))
                sum += target;
            EXPECT_NEAR(sum, 1, 1e-5);
        }
    }
    EXPECT_NEAR(by_mixup, 200, 50);  // a mixup whose partners are all themselves looks unmixed
}

TEST(Mix, DrawsMixupsWeightsFromTheUpperHalf) {
    // w = max(u^(1/a) / 2, 1 - u^(1/a) / 2) with a = 0.5 has mean 1 - E[u^2] / 2 = 5/6.
    double sum = 0;
    int count = 0;
    for (int seed = 0; seed < 2000; ++seed) {
        Numbered two(2);
        mix(two.batch(), {.mixup_alpha = 0.5}, Rng(4).fork("batch", seed));
        const float own = two.target(0)[0];
        if (two.target(0)[1] == 0) continue;  // its own partner
        EXPECT_GE(own, 0.5f);
        sum += own;
        ++count;
    }
    EXPECT_NEAR(count, 1000, 90);
    EXPECT_NEAR(sum / count, 5.0 / 6, 0.02);
}

TEST(Mix, IsAFunctionOfTheRandomStream) {
    const auto mixed = [](std::uint64_t seed) {
        Numbered four(4);
        mix(four.batch(), {.mixup_alpha = 1}, Rng(seed));
        return four.images;
    };
    EXPECT_EQ(mixed(1), mixed(1));
    EXPECT_NE(mixed(1), mixed(2));
}

}  // namespace
}  // namespace promptcl::data::augment
