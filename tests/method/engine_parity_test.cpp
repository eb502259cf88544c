// A training step and an evaluation on the native engine beside those on the plain path, for any
// prompts over any ViT.
#include "promptcl/train/gradient_step.h"

#include "tests/support/learner_case.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace promptcl::method {
namespace {

constexpr double kLogitTolerance = 1e-5, kGradientTolerance = 1e-4;

TEST(EngineParity, HoldsForChoiceLogitsAndEveryGradientOfAStep) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        SCOPED_TRACE(seed);
        const support::LearnerCase drawn(seed);
        const auto plain = drawn.learner(drawn.plain), native = drawn.learner(drawn.native);
        const Tensor& images = drawn.batch.images;
        for (const Choice choice : {Choice::kConfigured, Choice::kInstance}) {
            const Tensor plain_query = plain->query(images), native_query = native->query(images);
            const Tensor chosen = native->choose(native_query, choice);
            EXPECT_TRUE(chosen.equal(plain->choose(plain_query, choice)));
            const Tensor expected = plain->logits(images, plain_query, chosen);
            const double scale = std::max(1.0, expected.abs().max().item<double>());
            EXPECT_LE((native->logits(images, native_query, chosen) - expected)
                          .abs()
                          .max()
                          .item<double>(),
                      kLogitTolerance * scale);
        }
        const auto expected = train::gradients_of(*plain, {drawn.batch});
        const auto actual = train::gradients_of(*native, {drawn.batch});
        EXPECT_NEAR(actual.stats.loss, expected.stats.loss, kLogitTolerance);
        const auto parameters = plain->parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const double off = (actual.values[i] - expected.values[i]).norm().item<double>();
            EXPECT_LE(off, kGradientTolerance * expected.values[i].norm().item<double>())
                << parameters[i].name;
        }
    }
}

}  // namespace
}  // namespace promptcl::method
