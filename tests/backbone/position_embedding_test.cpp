// Resizing a position embedding to another grid.
#include "promptcl/backbone/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::backbone {
namespace {

using ::testing::ElementsAre;

TEST(PositionEmbedding, GrowsFromTwoToThreeWithCornersOnCorners) {
    // cls 9; patches  0 2
    //                 4 6   ->  edges and the middle are means of their neighbours
    EXPECT_THAT(resize_position_embedding({9, 0, 2, 4, 6}, 2, 3),
                ElementsAre(9, 0, 1, 2, 2, 3, 4, 4, 5, 6));
}

TEST(PositionEmbedding, ShrinksFromThreeToTwoToTheCorners) {
    EXPECT_THAT(resize_position_embedding({9, 0, 1, 2, 3, 4, 5, 6, 7, 8}, 3, 2),
                ElementsAre(9, 0, 2, 6, 8));
}

TEST(PositionEmbedding, FallsBetweenPatchesWhereTheGridsDoNotMeet) {
    // Three to four: positions 0, 2/3, 4/3, 2 along each side; the values are 3 y + x.
    const auto rows = resize_position_embedding({0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, 3, 4);
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 4; ++x)
            EXPECT_NEAR(rows[static_cast<std::size_t>(1 + 4 * y + x)], 2.0 * y + 2.0 / 3 * x, 1e-6);
    }
}

TEST(PositionEmbedding, OfTheSameGridIsItself) {
    const std::vector<float> rows = {1, -2, 3.5, 4, 0.1f, 6, 7, 8, 9, 10};  // width 2
    EXPECT_EQ(resize_position_embedding(rows, 2, 2), rows);
}

TEST(PositionEmbedding, InterpolatesEachColumnForItselfAndKeepsTheClsRow) {
    // Width 2: the columns are 0 2 4 6 and 10 30 50 70.
    const auto rows = resize_position_embedding({7, 8, 0, 10, 2, 30, 4, 50, 6, 70}, 2, 3);
    ASSERT_EQ(rows.size(), 20U);
    EXPECT_EQ(rows[0], 7);
    EXPECT_EQ(rows[1], 8);
    EXPECT_EQ(rows[2 * 5], 3);       // the middle of 0 2 4 6
    EXPECT_EQ(rows[2 * 5 + 1], 40);  // the middle of 10 30 50 70
}

TEST(PositionEmbedding, OfASinglePatchIsTheFirstOne) {
    EXPECT_THAT(resize_position_embedding({9, 0, 2, 4, 6}, 2, 1), ElementsAre(9, 0));
    EXPECT_THAT(resize_position_embedding({9, 5}, 1, 2), ElementsAre(9, 5, 5, 5, 5));
}

}  // namespace
}  // namespace promptcl::backbone
