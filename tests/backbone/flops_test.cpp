#include "promptcl/backbone/flops.h"

#include <gtest/gtest.h>

#include <vector>

namespace promptcl::backbone {
namespace {

TEST(Flops, AreCountedProductByProduct) {
    const Geometry one_block{"", 2, 6, 10, 2, 1, 0.0};  // patch 2, D 6, F 10
    const std::vector<BlockRows> rows = {{.tokens = 5, .prefix = 3}};
    const double embedding = 2 * 4 * 6 * 12;  // [4, 12] x [12, 6]
    const double linear = 2 * 5 * (4 * 36) + 2 * 5 * (2 * 60);
    const double scores = 2 * 5 * 8 * 6;  // all heads together; as much again for the values
    EXPECT_EQ(forward_flops(one_block, 4, rows), embedding + linear + 2 * scores);
    EXPECT_EQ(backward_flops(one_block, rows), linear + 4 * scores);
}

// With 25 prompt tokens, as L2P has them: 35.1, 39.8 and 41.3 GFLOP, together 116.2.
TEST(Flops, OfAViTBAreThoseThatAreKnown) {
    const Geometry& geometry = *find_variant("ViT-B_16");
    const std::vector<BlockRows> query(12, {.tokens = 197}), prompted(12, {.tokens = 222});
    EXPECT_NEAR(forward_flops(geometry, 196, query), 35.1e9, 0.1e9);
    EXPECT_NEAR(forward_flops(geometry, 196, prompted), 39.8e9, 0.1e9);
    EXPECT_NEAR(backward_flops(geometry, prompted), 41.3e9, 0.1e9);
}

}  // namespace
}  // namespace promptcl::backbone
