#include "promptcl/stream/replay_buffer.h"

#include "promptcl/stream/batch.h"

#include "tests/stream/small_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace promptcl::stream {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;
using Ids = std::vector<std::int64_t>;

Ids ids_of(const ReplayBuffer& buffer) {
    Ids ids;
    for (const auto& kept : buffer.kept())
        ids.push_back(kept.id);
    return ids;
}

/// A buffer of two images a class that saw these of six images of classes 0, 1, 0, 1, 0, 1.
ReplayBuffer seeing(const std::vector<Ids>& tasks, std::uint64_t seed = 1) {
    const auto train = grey_images({0, 1, 0, 1, 0, 1});
    ReplayBuffer buffer(2, Rng(seed));
    for (const auto& task : tasks)
        buffer.add(*train, task);
    return buffer;
}

TEST(ReplayBuffer, HoldsSoManyImagesOfEveryClassThatItSaw) {
    const auto buffer = seeing({{0, 1, 2, 3, 4, 5}});
    EXPECT_EQ(buffer.size(), 4);
    EXPECT_EQ(buffer.count(Ids{0}), 2);
    EXPECT_EQ(buffer.count(Ids{0, 1}), 4);
    EXPECT_EQ(buffer.count(Ids{7}), 0);
}

TEST(ReplayBuffer, HoldsAllOfAClassThatHasFewer) {
    EXPECT_THAT(ids_of(seeing({{3}})), ElementsAre(3));
}

TEST(ReplayBuffer, KeepsTheSameImagesInWhateverTasksAndHoweverOftenTheyCame) {
    const Ids expected = ids_of(seeing({{0, 1, 2, 3, 4, 5}}));
    EXPECT_EQ(ids_of(seeing({{4, 5}, {2, 3}, {0, 1}})), expected);
    EXPECT_EQ(ids_of(seeing({{0, 1, 2}, {0, 1, 2}, {3, 4, 5, 0}})), expected);
}

TEST(ReplayBuffer, FavoursNoImage) {
    constexpr int kSeeds = 3000;
    std::map<std::int64_t, int> kept;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        for (const auto id : ids_of(seeing({{0, 1}, {2, 3, 4, 5}}, seed)))
            ++kept[id];
    }
    ASSERT_THAT(kept, SizeIs(6));
    // Each is one of three for two places. Deviation of the share: sqrt(2/9 / 3000) = 0.0086.
    for (const auto& [id, times] : kept)
        EXPECT_NEAR(times / double{kSeeds}, 2.0 / 3, 5 * 0.0086) << "image " << id;
}

TEST(ReplayBuffer, KeepsPixelsOfItsOwn) {
    const auto buffer = seeing({{0, 1, 2, 3, 4, 5}});  // whose data set is gone by now
    for (std::int64_t i = 0; i < buffer.size(); ++i) {
        const auto& kept = buffer.kept()[static_cast<std::size_t>(i)];
        EXPECT_EQ(buffer.label(i), kept.id % 2);
        EXPECT_THAT(buffer.image(i).rgb, SizeIs(8 * 8 * 3));
        EXPECT_THAT(buffer.image(i).rgb, Each(static_cast<std::uint8_t>(kept.id)));
    }
}

TEST(ReplayBuffer, DrawsWithoutRepetitionWhenItHoldsEnough) {
    const auto buffer = seeing({{0, 1, 2, 3, 4, 5}});
    auto drawn = buffer.draw(4, Rng(3));
    EXPECT_EQ(buffer.draw(4, Rng(3)), drawn);
    std::ranges::sort(drawn);
    EXPECT_THAT(drawn, ElementsAre(0, 1, 2, 3));
}

TEST(ReplayBuffer, DrawsEachImageFromAllWhenItHoldsTooFew) {
    const auto buffer = seeing({{0, 1}});
    const auto drawn = buffer.draw(40, Rng(3));
    EXPECT_THAT(drawn, SizeIs(40));
    EXPECT_THAT(std::set<std::int64_t>(drawn.begin(), drawn.end()), ElementsAre(0, 1));
}

TEST(ReplayBuffer, StandsBehindTheBatchAsImagesLikeOthers) {
    const data::Transform transform({.input_size = 8, .resize_size = 256});
    const auto buffer = seeing({{0, 1}});
    const auto train = grey_images({0, 1, 2, 3});
    const auto batch = with_replay(training_batch(*train, transform, Ids{2, 3}, Rng(1)),
                                   training_batch(buffer, transform, Ids{1}, Rng(2)));
    EXPECT_THAT(batch.labels, ElementsAre(2, 3, 1));
    EXPECT_EQ(batch.replayed, 1);
    EXPECT_THAT(batch.images, SizeIs(3 * 3 * 8 * 8));
    const auto replayed = batch.images.end() - 3 * 8 * 8;  // a black border may be in the crop
    EXPECT_EQ(*std::max_element(replayed, batch.images.end()), 1 / 255.0f);
}

}  // namespace
}  // namespace promptcl::stream
