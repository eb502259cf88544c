#include "promptcl/backbone/random_checkpoint.h"

#include "promptcl/io/npz.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace promptcl::backbone {
namespace {

const Geometry kSmall{"unlisted", 4, 8, 12, 2, 2, 0.0};

TEST(RandomCheckpoint, IsReadAsAViTOfItsGeometry) {
    const TemporaryFolder folder;
    const auto file = folder / "vit.npz";
    const Checkpoint random = random_checkpoint(kSmall, 3, Rng(1));
    io::write_npz(file, random.arrays);
    const Checkpoint read = read_checkpoint(file, "auto");
    EXPECT_TRUE(read.survey.geometry.same_shape(kSmall));
    EXPECT_EQ(read.survey.grid, 3);
    EXPECT_EQ(read.arrays, random.arrays);
}

TEST(RandomCheckpoint, FollowsItsSeed) {
    const auto arrays = random_checkpoint(kSmall, 3, Rng(1)).arrays;
    EXPECT_EQ(random_checkpoint(kSmall, 3, Rng(1)).arrays, arrays);
    EXPECT_NE(random_checkpoint(kSmall, 3, Rng(2)).arrays, arrays);
}

TEST(RandomCheckpoint, HasKernelsWithinTheirBoundAndScalesOfOne) {
    const auto arrays = random_checkpoint(kSmall, 3, Rng(1)).arrays;
    const std::string block = "Transformer/encoderblock_1/";
    const auto kernel = arrays.at(block + "MlpBlock_3/Dense_0/kernel").as_float();
    const auto [least, most] = std::ranges::minmax(kernel);
    const double bound = std::sqrt(6.0 / (8 + 12));
    EXPECT_GE(least, -bound);
    EXPECT_LE(most, bound);
    EXPECT_GT(most - least, bound);
    for (const float scale : arrays.at(block + "LayerNorm_0/scale").as_float())
        EXPECT_EQ(scale, 1);
}

}  // namespace
}  // namespace promptcl::backbone
