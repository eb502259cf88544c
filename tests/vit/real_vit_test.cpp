// A real pre-trained ViT on photographs, beside features computed elsewhere.
#include "promptcl/io/npz.h"
#include "promptcl/vit/vit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace promptcl::vit {
namespace {

/// Of each array's largest magnitude.
constexpr double kTolerance = 1e-4;

const std::filesystem::path kShared = std::filesystem::path(PROMPTCL_SOURCE_DIR) / "../shared";

double relative_error(const Tensor& actual, const Tensor& expected) {
    return (actual - expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

class RealVit : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        const auto weights = kShared / "weights/ViT-Ti_16_f16.npz";
        const auto features = kShared / "golden/vit_ti_16_real.npz";
        if (!std::filesystem::exists(weights) || !std::filesystem::exists(features)) {
            GTEST_SKIP() << "SKIPPED: needs " << weights << " and " << features;
        }
        checkpoint_ = backbone::read_checkpoint(weights, "ViT-Ti_16");
        expected_ = io::read_npz(features);
        images_ = tensor::from_array(expected_.at("images_u8"));
        if (images_.size(3) == 3) images_ = images_.permute({0, 3, 1, 2}).contiguous();
        images_ = images_ / 255.0;
    }
    Tensor expected(const std::string& name) const {
        return tensor::from_array(expected_.at(name));
    }

    backbone::Checkpoint checkpoint_;
    io::ArrayMap expected_;
    Tensor images_;
};

TEST_P(RealVit, GivesTheKnownFeaturesOfPhotographs) {
    const at::NoGradGuard no_grad;
    const std::string& gelu = GetParam();
    const Vit vit(checkpoint_, images_.size(2), gelu == "tanh" ? Gelu::kTanh : Gelu::kErf);
    const auto states = vit.trace(images_);
    ASSERT_EQ(states.size(), 13U);
    EXPECT_LT(relative_error(states[0], expected("embedded")), kTolerance);
    EXPECT_LT(relative_error(states[1], expected(gelu + "/block_0")), kTolerance);
    EXPECT_LT(relative_error(states[12], expected(gelu + "/block_11")), kTolerance);
    EXPECT_LT(relative_error(vit.cls(images_), expected(gelu + "/query")), kTolerance);
}

TEST_P(RealVit, HasTheOutputsOfItsBlocksInTheFileNotTheInputs) {
    const at::NoGradGuard no_grad;
    const std::string& gelu = GetParam();
    const Vit vit(checkpoint_, images_.size(2), gelu == "tanh" ? Gelu::kTanh : Gelu::kErf);
    const auto states = vit.trace(images_);
    EXPECT_GT(relative_error(states[0], expected(gelu + "/block_0")), 100 * kTolerance);
    EXPECT_GT(relative_error(states[11], expected(gelu + "/block_11")), 100 * kTolerance);
}

TEST_P(RealVit, TellsTheTwoGelusApart) {
    const at::NoGradGuard no_grad;
    const std::string& gelu = GetParam();
    const Vit other(checkpoint_, images_.size(2), gelu == "tanh" ? Gelu::kErf : Gelu::kTanh);
    EXPECT_GT(relative_error(other.cls(images_), expected(gelu + "/query")), kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Gelu, RealVit, ::testing::Values("tanh", "erf"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace promptcl::vit
