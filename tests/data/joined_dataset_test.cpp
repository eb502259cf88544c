#include "promptcl/data/joined_dataset.h"

#include "promptcl/data/memory_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::ElementsAre;

/// Images of one pixel, grey as given; the label of each is its place.
std::unique_ptr<MemoryDataset> pixels(const std::vector<std::uint8_t>& greys) {
    std::vector<std::uint8_t> rgb;
    std::vector<std::int64_t> labels;
    for (const auto grey : greys) {
        labels.push_back(std::ssize(labels));
        rgb.insert(rgb.end(), 3, grey);
    }
    const auto count = std::ssize(labels);
    return std::make_unique<MemoryDataset>(1, 1, std::move(rgb), std::move(labels),
                                           std::vector{RecordFile{"file.bin", count}});
}

/// Two classes with two images, and three classes with three images; one test image each.
DataSource two_sets(std::uint8_t last_grey = 5) {
    std::vector<NamedSource> sources;
    sources.push_back({"a", memory_source(pixels({1, 2}), pixels({10}), {"x", "y"})});
    sources.push_back(
        {"b", memory_source(pixels({3, 4, last_grey}), pixels({20}), {"x", "y", "z"})});
    sources.back().source.skipped = {"b/broken.png"};
    return join_as_tasks(std::move(sources));
}

TEST(JoinedDataset, HoldsTheImagesOfOneDataSetAfterTheOther) {
    const auto joined = two_sets();
    ASSERT_EQ(joined.train->size(), 5);
    for (std::int64_t i = 0; i < 5; ++i)
        EXPECT_EQ(joined.train->image(i).rgb[0], i + 1);
    EXPECT_EQ(joined.test->image(1).rgb[0], 20);
}

TEST(JoinedDataset, NumbersTheClassesOnFromDataSetToDataSet) {
    const auto joined = two_sets();
    EXPECT_THAT(joined.class_names, ElementsAre("a/x", "a/y", "b/x", "b/y", "b/z"));
    EXPECT_EQ(joined.train->label(1), 1);
    EXPECT_EQ(joined.train->label(2), 2);
    EXPECT_EQ(joined.train->label(4), 4);
    EXPECT_EQ(joined.test->label(1), 2);
}

TEST(JoinedDataset, MakesATaskOfEachDataSetWithATestSetOfItsOwn) {
    const auto joined = two_sets();
    ASSERT_TRUE(joined.tasks.has_value());
    EXPECT_THAT(joined.tasks->names, ElementsAre("a", "b"));
    EXPECT_THAT(joined.tasks->train, ElementsAre(0, 0, 1, 1, 1));
    EXPECT_THAT(joined.tasks->test, ElementsAre(0, 1));
}

TEST(JoinedDataset, SaysFromWhichDataSetAnImageComes) {
    const auto joined = two_sets();
    EXPECT_EQ(joined.train->origin(1), "a/file.bin:1");
    EXPECT_EQ(joined.train->origin(4), "b/file.bin:2");
    EXPECT_THAT(joined.skipped, ElementsAre("b/broken.png"));
}

TEST(JoinedDataset, HasAHashOfAllContents) {
    EXPECT_EQ(two_sets().sha256, two_sets().sha256);
    EXPECT_NE(two_sets().sha256, two_sets(6).sha256);
}

}  // namespace
}  // namespace promptcl::data
