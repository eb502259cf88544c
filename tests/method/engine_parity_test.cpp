// A training step and an evaluation on the native engine beside those on the plain path, for any
// prompts over any ViT.
#include "promptcl/backbone/random_checkpoint.h"
#include "promptcl/method/method.h"
#include "promptcl/train/gradient_step.h"
#include "promptcl/vit/native_vit.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace promptcl::method {
namespace {

constexpr std::int64_t kClasses = 6;
constexpr double kLogitTolerance = 1e-5, kGradientTolerance = 1e-4;

/// A ViT, a configuration of prompts over it and a batch, drawn from one seed.
class Drawn {
  public:
    explicit Drawn(std::uint64_t seed) : rng_(seed) {
        backbone::Geometry geometry;
        geometry.name = "unlisted";
        geometry.patch = 4;
        geometry.heads = 1 + below(3);
        geometry.width = 4 * geometry.heads * (1 + below(4));
        geometry.mlp = 8 + below(40);
        geometry.blocks = 1 + below(4);
        const std::int64_t grid = 2 + below(3);
        plain = std::make_shared<const vit::Vit>(
            backbone::random_checkpoint(geometry, grid, rng_.fork("vit")), grid * geometry.patch,
            below(2) == 0 ? vit::Gelu::kTanh : vit::Gelu::kErf);
        native = std::make_shared<const vit::NativeVit>(*plain, 1 + below(3));
        draw_prompts(geometry.blocks);
        const std::int64_t images = 1 + below(9);
        batch.images = at::arange(images * 3 * config.input_size * config.input_size)
                           .sin()
                           .mul(1 + static_cast<double>(seed))
                           .cos()
                           .abs()
                           .reshape({images, 3, config.input_size, config.input_size});
        batch.labels = at::arange(images).remainder(kClasses);
    }

    /// The learner over this ViT, moved from where it starts, as training would.
    std::unique_ptr<Method> learner(std::shared_ptr<const vit::FrozenVit> vit) const {
        auto method = make_method(config, std::move(vit), kClasses, Rng(5));
        const at::NoGradGuard no_grad;
        for (const auto& [name, value] : method->parameters())
            Tensor(value).add_(0.3 * at::sin(at::arange(value.numel())).reshape(value.sizes()));
        return method;
    }

    config::Config config;
    std::shared_ptr<const vit::Vit> plain;
    std::shared_ptr<const vit::NativeVit> native;
    TrainingBatch batch;

  private:
    std::int64_t below(std::int64_t bound) { return rng_.below(bound); }
    bool coin() { return below(2) == 0; }

    std::vector<std::int64_t> some_blocks(std::int64_t blocks) {
        std::vector<std::int64_t> result;
        for (std::int64_t i = 0; i < blocks; ++i) {
            if (coin()) result.push_back(i);
        }
        if (result.empty()) result.push_back(below(blocks));
        return result;
    }

    void draw_prompts(std::int64_t blocks) {
        config = support::tiny_l2p();
        config.input_size = plain->input_size();
        config.use_g_prompt = coin();
        config.g_prompt_length = 1 + below(4);
        config.g_prompt_layer_idx = some_blocks(blocks);
        config.use_prefix_tune_for_g_prompt = coin();
        config.e_prompt_layer_idx = some_blocks(blocks);
        config.use_prefix_tune_for_e_prompt = coin();
        config.prompt_placement = coin() ? "before_cls" : "after_cls";
        config.prompt_position_embedding = coin();
        config.prompt_pool_param.pool_size = 4 + below(4);
        config.prompt_pool_param.length = 1 + below(4);
        config.prompt_pool_param.top_k = 1 + below(3);
        config.prompt_pool_param.batchwise_prompt = coin();
        config.prompt_pool_param.embedding_key = coin() ? "cls" : "mean_max";
        const bool tokens = !config.use_prefix_tune_for_e_prompt;
        config.vit_classifier = coin() ? (coin() ? "token" : "gap")
                                       : (tokens ? (coin() ? "prompt" : "token+prompt") : "token");
    }

    Rng rng_;
};

TEST(EngineParity, HoldsForChoiceLogitsAndEveryGradientOfAStep) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        SCOPED_TRACE(seed);
        const Drawn drawn(seed);
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
