// Weights between the file's layout and that of the forward pass.
#include "promptcl/vit/weights.h"

#include "promptcl/vit/vit.h"

#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_world.h"
#include "tests/support/torch_named_vit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace promptcl::vit {
namespace {

TEST(Weights, ComeBackAsTheArraysTheyWereReadFrom) {
    const auto checkpoint = support::tiny_checkpoint(3);
    const Weights weights = read_weights(checkpoint, support::kTinyImage);
    EXPECT_EQ(to_arrays(weights, checkpoint.survey.geometry), checkpoint.arrays);
}

TEST(Weights, AreAllListedOnce) {
    const auto checkpoint = support::tiny_checkpoint(3);
    std::int64_t in_the_file = 0, listed = 0;
    for (const auto& [_, array] : checkpoint.arrays)
        in_the_file += array.size();
    std::vector<std::string> names;
    Weights weights = read_weights(checkpoint, support::kTinyImage);
    weights.visit([&](const std::string& name, Tensor& tensor) {
        listed += tensor.numel();
        names.push_back(name);
    });
    EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
    EXPECT_EQ(listed, in_the_file);
    EXPECT_EQ(weight_names(checkpoint.survey.geometry), names);
    EXPECT_EQ(std::ranges::count(names, "Transformer/encoderblock_2/MlpBlock_3/Dense_0/weight"), 1);
}

TEST(Weights, StackQueryKeyAndValueInThatOrder) {
    const auto checkpoint = support::tiny_checkpoint(3);
    const Weights weights = read_weights(checkpoint, support::kTinyImage);
    const Tensor value = tensor::from_array(checkpoint.arrays.at(
        "Transformer/encoderblock_2/MultiHeadDotProductAttention_1/value/kernel"));  // [D, H, E]
    // y_he = sum_d x_d kernel[d][h][e] is row h*E + e of the third block of rows.
    EXPECT_EQ(weights.blocks[2].qkv.weight[16 + 1 * 4 + 3][5].item<float>(),
              value[5][1][3].item<float>());
}

TEST(Weights, ComeFromTorchNamesAsFromTheNpz) {
    const TemporaryFolder folder;
    const auto vit = support::random_checkpoint(support::tiny_torch_geometry(), 2, Rng(3));
    support::write_checkpoint(folder.path() / "vit.npz", vit);
    folder.write("timm.safetensors", support::safetensors_bytes(support::timm_arrays(vit)));
    folder.write("hf.safetensors",
                 support::safetensors_bytes(support::hugging_face_arrays(vit, "vit.")));
    // The second size needs another grid: 3 x 3 patches instead of 2 x 2.
    for (const std::int64_t side : {8, 12}) {
        const auto features = [&](const std::string& name) {
            const auto images =
                tensor::from_floats(support::random_images(2, side, Rng(4)), {2, 3, side, side});
            return Vit(backbone::read_checkpoint(folder.path() / name, "auto"), side, Gelu::kErf)
                .cls(images);
        };
        const Tensor expected = features("vit.npz");
        EXPECT_TRUE(at::equal(features("timm.safetensors"), expected));
        EXPECT_TRUE(at::equal(features("hf.safetensors"), expected));
    }
}

}  // namespace
}  // namespace promptcl::vit
