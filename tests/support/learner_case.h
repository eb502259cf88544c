// A learner over a ViT and a batch for it, of whatever shape these may have.
#pragma once

#include "promptcl/backbone/random_checkpoint.h"
#include "promptcl/method/method.h"
#include "promptcl/vit/native_vit.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>

#include <memory>
#include <vector>

namespace promptcl::support {

constexpr std::int64_t kClassesOfCase = 6;

/// A ViT, a configuration of prompts over it and a batch, drawn from one seed.
class LearnerCase {
  public:
    explicit LearnerCase(std::uint64_t seed) : rng_(seed) {
        backbone::Geometry geometry;
        geometry.name = "unlisted";
        geometry.patch = 4;
        geometry.heads = 1 + below(3);
        geometry.width = 4 * geometry.heads * (1 + below(4));
        geometry.mlp = 8 + below(40);
        geometry.blocks = 1 + below(4);
        const std::int64_t grid = 2 + below(3);
        checkpoint = backbone::random_checkpoint(geometry, grid, rng_.fork("vit"));
        const auto gelu = below(2) == 0 ? vit::Gelu::kTanh : vit::Gelu::kErf;
        plain = std::make_shared<const vit::Vit>(checkpoint, grid * geometry.patch, gelu);
        native = std::make_shared<const vit::NativeVit>(checkpoint, grid * geometry.patch, gelu,
                                                        1 + below(3));
        draw_prompts(geometry.blocks);
        const std::int64_t images = 1 + below(9);
        batch.images =
            at::arange(images * 3 * config.images.input_size * config.images.input_size)
                .sin()
                .mul(1 + static_cast<double>(seed))
                .cos()
                .abs()
                .reshape({images, 3, config.images.input_size, config.images.input_size});
        batch.labels = at::arange(images).remainder(kClassesOfCase);
    }

    /// The learner over this ViT, moved from where it starts, as training would.
    std::unique_ptr<method::Method> learner(std::shared_ptr<const vit::FrozenVit> vit) const {
        auto method = method::make_method(config, std::move(vit), kClassesOfCase, Rng(5));
        const at::NoGradGuard no_grad;
        for (const auto& [name, value] : method->parameters())
            Tensor(value).add_(0.3 * at::sin(at::arange(value.numel())).reshape(value.sizes()));
        return method;
    }

    config::Config config;
    backbone::Checkpoint checkpoint;
    std::shared_ptr<const vit::Vit> plain;
    std::shared_ptr<const vit::NativeVit> native;
    method::TrainingBatch batch;

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
        config = tiny_l2p();
        config.images.input_size = plain->input_size();
        config.gelu = plain->gelu() == vit::Gelu::kErf ? "erf" : "tanh";
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

}  // namespace promptcl::support
