// Squashing, cropping, resizing and mirroring by LibTorch beside the same on the CPU.
#include "promptcl/input/looks.h"

#include "promptcl/data/resize.h"

#include "tests/input/pictures.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <vector>

namespace promptcl::input {
namespace {

Tensor as_tensor(const data::Image& image) {
    Tensor result = at::empty({image.height, image.width, 3}, at::kByte);
    std::copy(image.rgb.begin(), image.rgb.end(), result.data_ptr<std::uint8_t>());
    return result;
}

Tensor as_tensor(const std::vector<data::Image>& images) {
    std::vector<Tensor> all;
    for (const data::Image& image : images)
        all.push_back(as_tensor(image));
    return at::stack(all);
}

TEST(Squashed, HasTheBytesOfTheCpuForAnySize) {
    for (const auto& [height, width, side] :
         {std::array{32, 32, 256}, std::array{5, 9, 7}, std::array{40, 30, 12}}) {
        const std::vector<data::Image> images{noise(height, width, Rng(1)),
                                              noise(height, width, Rng(2))};
        const std::vector<std::int64_t> rows{1, 0, 1};
        std::vector<data::Image> expected;
        for (const std::int64_t row : rows)
            expected.push_back(
                data::resize(images[static_cast<std::size_t>(row)].view(), side, side));
        EXPECT_TRUE(
            squashed(as_tensor(images), tensor::from_ints(rows), side).equal(as_tensor(expected)));
    }
}

class LookedAt : public ::testing::TestWithParam<int> {};

TEST_P(LookedAt, HasTheBitsOfTheCpuForWhateverTrainingDraws) {
    const int side = GetParam();
    const data::Transform transform({.input_size = side, .resize_size = side + 8});
    const int square = transform.squash_size();
    std::vector<data::Image> images;
    std::vector<data::Look> looks;
    std::vector<float> expected;
    for (std::int64_t i = 0; i < 40; ++i) {
        const Rng rng = Rng(3).fork("image", i);
        images.push_back(noise(square, square, rng));
        looks.push_back(transform.training_look(rng));
        std::vector<float> chw(static_cast<std::size_t>(transform.output_size()));
        transform.train(images.back().view(), rng, chw);
        expected.insert(expected.end(), chw.begin(), chw.end());
    }
    const Tensor actual = looked_at(as_tensor(images), at::arange(40), looks, side);
    EXPECT_TRUE(actual.equal(tensor::from_floats(expected, {40, 3, side, side})));
}

INSTANTIATE_TEST_SUITE_P(PaddedAndCropped, LookedAt, ::testing::Values(16, 72));

TEST(LookedAt, ShowsZerosOutsideThePicture) {
    const Tensor white = at::full({1, 4, 4, 3}, 255, at::kByte);
    const std::vector<data::Look> looks{{.part = {-1, 2, 4, 4}, .mirror = data::Mirror::kNo}};
    const Tensor seen = looked_at(white, at::zeros({1}, at::kLong), looks, 4)[0][0];
    EXPECT_EQ(seen[0].sum().item<float>(), 0);  // above
    EXPECT_EQ(seen[1][1].item<float>(), 1);
    EXPECT_EQ(seen[1][2].item<float>(), 0);  // to the right
}

}  // namespace
}  // namespace promptcl::input
