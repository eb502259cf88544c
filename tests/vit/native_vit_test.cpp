// The native engine beside the plain path, over whatever shape a ViT and its prompts may have.
#include "promptcl/vit/native_vit.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace promptcl::vit {
namespace {

constexpr double kValueTolerance = 1e-5, kGradientTolerance = 1e-4;

/// A ViT, images and an injection, drawn from one seed.
struct Case {
    explicit Case(std::uint64_t seed) : rng(seed) {
        backbone::Geometry geometry;
        geometry.name = "unlisted";
        geometry.patch = 2 + 2 * below(2);
        geometry.heads = 1 + below(3);
        geometry.width = geometry.heads * (3 + below(18));
        geometry.mlp = 4 + below(50);
        geometry.blocks = 1 + below(4);
        const std::int64_t grid = 1 + below(4);
        const auto gelu = below(2) == 0 ? Gelu::kTanh : Gelu::kErf;
        const auto checkpoint = support::random_checkpoint(geometry, grid, rng.fork("vit"));
        plain = std::make_shared<const Vit>(checkpoint, grid * geometry.patch, gelu);
        batch = 1 + below(7);
        threads = 1 + below(3);
        images = draw({batch, 3, plain->input_size(), plain->input_size()}).abs();
        injection.placement = below(2) == 0 ? Placement::kBeforeCls : Placement::kAfterCls;
        injection.cls_position = below(2) == 0;
        for (std::int64_t block = 0; block < geometry.blocks; ++block) {
            if (below(3) == 0) add_prepend(block);
            if (below(3) == 0) add_prefix(block);
        }
        if (injection.empty()) add_prefix(below(geometry.blocks));
        readout = injection.prepend.empty() || below(2) == 0
                      ? (below(2) == 0 ? Readout::kToken : Readout::kGap)
                      : (below(2) == 0 ? Readout::kPrompt : Readout::kTokenPrompt);
    }

    Rng rng;
    std::shared_ptr<const Vit> plain;
    std::int64_t batch = 0, threads = 0;
    Tensor images;
    Injection injection;
    std::vector<Tensor> parts;  // of the injection
    Readout readout = Readout::kToken;

  private:
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(bound)));
    }
    Tensor draw(const std::vector<std::int64_t>& shape) {
        std::int64_t count = 1;
        for (const std::int64_t size : shape)
            count *= size;
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values)
            value = static_cast<float>(0.5 * rng.normal());
        return tensor::from_floats(values, shape);
    }
    Tensor part(const std::vector<std::int64_t>& shape) {
        parts.push_back(draw(shape).requires_grad_(true));
        return parts.back();
    }
    void add_prepend(std::int64_t block) {
        injection.prepend[block] = part({batch, 1 + below(5), plain->geometry().width});
    }
    void add_prefix(std::int64_t block) {
        const auto& geometry = plain->geometry();
        const std::int64_t rows = 1 + below(5);
        const auto key = part({batch, rows, geometry.heads, geometry.head_width()});
        injection.prefix[block] = {key, part({batch, rows, geometry.heads, geometry.head_width()})};
    }
};

struct Outcome {
    Tensor features;
    std::vector<Tensor> gradients;
};

/// Features, and the gradient of a loss that weighs every one of them differently.
Outcome outcome_of(const FrozenVit& vit, const Case& drawn) {
    Outcome outcome{.features = vit.features(drawn.images, drawn.injection, drawn.readout),
                    .gradients = {}};
    const Tensor weights = at::arange(outcome.features.numel()).cos().view_as(outcome.features);
    outcome.gradients = torch::autograd::grad({(outcome.features * weights).sum()}, drawn.parts);
    return outcome;
}

void expect_near(const Tensor& actual, const Tensor& expected, double tolerance) {
    ASSERT_EQ(actual.sizes(), expected.sizes());
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    EXPECT_LE((actual - expected).abs().max().item<double>(), tolerance * scale);
}

TEST(NativeVit, ComputesWhatThePlainPathComputesForAnyShape) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        const Case drawn(seed);
        const NativeVit native(*drawn.plain, drawn.threads);
        expect_near(native.patches(drawn.images), drawn.plain->patches(drawn.images),
                    kValueTolerance);
        expect_near(native.cls(drawn.images), drawn.plain->cls(drawn.images), kValueTolerance);
        const Outcome plain = outcome_of(*drawn.plain, drawn), fast = outcome_of(native, drawn);
        expect_near(fast.features, plain.features, kValueTolerance);
        for (std::size_t i = 0; i < plain.gradients.size(); ++i) {
            const double norm = plain.gradients[i].norm().item<double>();
            const double off = (fast.gradients[i] - plain.gradients[i]).norm().item<double>();
            EXPECT_LE(off, kGradientTolerance * norm) << "part " << i;
        }
    }
}

TEST(NativeVit, GivesTheSameBitsWhateverTheNumberOfThreadsAndWhateverItRemembers) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        SCOPED_TRACE(seed);
        const Case drawn(seed);
        const NativeVit one(*drawn.plain, 1), three(*drawn.plain, 3);
        const Tensor cls = one.cls(drawn.images.clone());
        const Outcome alone = outcome_of(one, drawn);
        for (int round = 0; round < 3; ++round) {
            EXPECT_TRUE(three.cls(drawn.images).equal(cls));
            const Outcome again = outcome_of(three, drawn);
            EXPECT_TRUE(again.features.equal(alone.features));
            for (std::size_t i = 0; i < alone.gradients.size(); ++i)
                EXPECT_TRUE(again.gradients[i].equal(alone.gradients[i])) << "part " << i;
        }
    }
}

TEST(NativeVit, TakesWhatItRemembersOfAPartOfTheImagesFromTheRightPlace) {
    const Case drawn(3);
    const NativeVit native(*drawn.plain, 2);
    const Tensor images = at::cat({drawn.images, drawn.images * 0.5, drawn.images * 0.25});
    native.features(drawn.images, drawn.injection, drawn.readout);  // says what to remember
    native.cls(images);
    const Tensor part = images.narrow(0, 2 * drawn.batch, drawn.batch);
    expect_near(native.features(part, drawn.injection, drawn.readout),
                drawn.plain->features(part, drawn.injection, drawn.readout), kValueTolerance);
}

TEST(NativeVit, ForgetsImagesThatWereChangedInPlace) {
    const Case drawn(5);
    const NativeVit native(*drawn.plain, 2);
    Tensor images = drawn.images.clone();
    native.features(images, drawn.injection, drawn.readout);
    native.cls(images);
    images.mul_(0.5);
    expect_near(native.features(images, drawn.injection, drawn.readout),
                drawn.plain->features(images, drawn.injection, drawn.readout), kValueTolerance);
}

TEST(NativeVit, KeepsTwoGraphsApart) {
    const Case drawn(7);
    const NativeVit native(*drawn.plain, 2);
    const Tensor first = native.features(drawn.images, drawn.injection, drawn.readout);
    const Tensor second = native.features(drawn.images * 0.5, drawn.injection, drawn.readout);
    const auto of_first = torch::autograd::grad({first.sum()}, drawn.parts);
    const auto of_second = torch::autograd::grad({second.sum()}, drawn.parts);
    const Tensor plain = drawn.plain->features(drawn.images, drawn.injection, drawn.readout);
    const auto expected = torch::autograd::grad({plain.sum()}, drawn.parts);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        expect_near(of_first[i], expected[i], kGradientTolerance);
        EXPECT_FALSE(of_second[i].equal(of_first[i]));
    }
}

}  // namespace
}  // namespace promptcl::vit
