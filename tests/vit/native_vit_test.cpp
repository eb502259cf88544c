// The native engine beside the plain path, over whatever shape a ViT and its prompts may have.
#include "promptcl/vit/native_vit.h"

#include "tests/support/vit_case.h"

namespace promptcl::vit {
namespace {

using support::expect_near, support::Outcome, support::outcome_of;
using Case = support::VitCase;

NativeVit native_of(const Case& drawn, std::int64_t threads) {
    return {drawn.checkpoint, drawn.plain->input_size(), drawn.plain->gelu(), threads};
}

constexpr double kValueTolerance = 1e-5, kGradientTolerance = 1e-4;

TEST(NativeVit, ComputesWhatThePlainPathComputesForAnyShape) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        const Case drawn(seed);
        const NativeVit native = native_of(drawn, drawn.threads);
        expect_near(native.patches(drawn.images), drawn.plain->patches(drawn.images),
                    kValueTolerance);
        expect_near(native.cls(drawn.images), drawn.plain->cls(drawn.images), kValueTolerance);
        expect_near(outcome_of(native, drawn), outcome_of(*drawn.plain, drawn), kValueTolerance,
                    kGradientTolerance);
    }
}

TEST(NativeVit, GivesTheSameBitsWhateverTheNumberOfThreadsAndWhateverItRemembers) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        SCOPED_TRACE(seed);
        const Case drawn(seed);
        const NativeVit one = native_of(drawn, 1), three = native_of(drawn, 3);
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
    const NativeVit native = native_of(drawn, 2);
    const Tensor images = at::cat({drawn.images, drawn.images * 0.5, drawn.images * 0.25});
    native.features(drawn.images, drawn.injection, drawn.readout);  // says what to remember
    native.cls(images);
    const Tensor part = images.narrow(0, 2 * drawn.batch, drawn.batch);
    expect_near(native.features(part, drawn.injection, drawn.readout),
                drawn.plain->features(part, drawn.injection, drawn.readout), kValueTolerance);
}

TEST(NativeVit, ForgetsImagesThatWereChangedInPlace) {
    const Case drawn(5);
    const NativeVit native = native_of(drawn, 2);
    Tensor images = drawn.images.clone();
    native.features(images, drawn.injection, drawn.readout);
    native.cls(images);
    images.mul_(0.5);
    expect_near(native.features(images, drawn.injection, drawn.readout),
                drawn.plain->features(images, drawn.injection, drawn.readout), kValueTolerance);
}

TEST(NativeVit, DoesNotKeepTheImagesItRemembers) {
    const Case drawn(5);
    const NativeVit native = native_of(drawn, 2);
    const Tensor images = drawn.images.clone();
    native.features(images, drawn.injection, drawn.readout);
    native.cls(images);
    EXPECT_EQ(images.storage().use_count(), 1U);
}

TEST(NativeVit, KeepsTwoGraphsApart) {
    const Case drawn(7);
    const NativeVit native = native_of(drawn, 2);
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
