#include "promptcl/data/datasets/synthetic.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

namespace promptcl::data {
namespace {

using testing::Contains;
using testing::HasSubstr;

config::Config small(std::int64_t train, std::int64_t test) {
    config::Config config;
    config.synthetic.train_per_class = train;
    config.synthetic.test_per_class = test;
    return config;
}

bool same(ImageView a, ImageView b) {
    return std::ranges::equal(a.rgb, b.rgb);
}

TEST(Synthetic, DrawsTheAskedNumberOfEveryClass) {
    const auto source = open_synthetic(small(3, 2));
    EXPECT_EQ(source.class_names.size(), 20u);
    ASSERT_EQ(source.train->size(), 60);
    ASSERT_EQ(source.test->size(), 40);
    for (std::int64_t i = 0; i < 60; ++i)
        EXPECT_EQ(source.train->label(i), i / 3);
    EXPECT_EQ(source.train->image(0).height, 32);
    EXPECT_EQ(source.train->image(0).rgb.size(), 32u * 32 * 3);
}

TEST(Synthetic, HasTwentyClassesToLearnAndTwentyOthersToPreTrainOn) {
    std::set<std::string> names;
    for (const std::string part : {"stream", "pretrain"}) {
        for (const auto& name : synthetic_classes(part))
            names.insert(name);
    }
    EXPECT_EQ(names.size(), 40u);
    EXPECT_THAT(synthetic_classes("stream"), Contains("blue striped star"));
}

TEST(Synthetic, ShowsEveryShapeFillAndHueInBothParts) {
    for (const std::string part : {"stream", "pretrain"}) {
        std::set<std::string> words;
        for (const auto& name : synthetic_classes(part)) {
            std::istringstream text(name);
            for (std::string word; text >> word;)
                words.insert(word);
        }
        EXPECT_EQ(words.size(), 8u + 5u + 8u) << part;
    }
}

TEST(Synthetic, DrawsAPictureFromSeedSplitClassAndNumberAlone) {
    const auto few = open_synthetic(small(2, 1));
    const auto many = open_synthetic(small(5, 3));
    for (std::int64_t label = 0; label < 20; ++label) {
        EXPECT_TRUE(same(few.train->image(2 * label + 1), many.train->image(5 * label + 1)));
        EXPECT_TRUE(same(few.test->image(label), many.test->image(3 * label)));
        EXPECT_FALSE(same(few.train->image(2 * label), few.test->image(label)));
        EXPECT_FALSE(same(few.train->image(2 * label), few.train->image(2 * label + 1)));
    }
}

TEST(Synthetic, DrawsOtherPicturesFromAnotherSeed) {
    auto config = small(1, 1);
    const auto first = open_synthetic(config);
    EXPECT_EQ(open_synthetic(config).sha256, first.sha256);
    config.synthetic.seed = 1;
    const auto second = open_synthetic(config);
    EXPECT_NE(second.sha256, first.sha256);
    EXPECT_FALSE(same(first.train->image(0), second.train->image(0)));
}

TEST(Synthetic, NamesTheKeyThatIsWrong) {
    const auto message = [](const config::Config& config) -> std::string {
        try {
            open_synthetic(config);
        } catch (const UsageError& error) {
            return error.what();
        }
        return "no error";
    };
    auto config = small(1, 1);
    config.synthetic.part = "other";
    EXPECT_THAT(message(config), HasSubstr("synthetic.part"));
    EXPECT_THAT(message(small(0, 1)), HasSubstr("synthetic.train_per_class"));
    EXPECT_THAT(message(small(1, 0)), HasSubstr("synthetic.test_per_class"));
}

}  // namespace
}  // namespace promptcl::data
