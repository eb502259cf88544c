// The tiny ViT and images for it as tensors, and the configuration that goes with them.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/vit.h"

#include "tests/support/tiny_vit.h"

#include <memory>

namespace promptcl::support {

inline std::shared_ptr<const vit::Vit> tiny_backbone(std::uint64_t seed,
                                                     vit::Gelu gelu = vit::Gelu::kTanh) {
    return std::make_shared<const vit::Vit>(tiny_checkpoint(seed), kTinyImage, gelu);
}

/// [count, 3, 8, 8] in [0, 1).
inline Tensor tiny_images(std::int64_t count, std::uint64_t seed) {
    return tensor::from_floats(random_images(count, kTinyImage, Rng(seed)),
                               {count, 3, kTinyImage, kTinyImage});
}

/// L2P on the tiny ViT: 5 prompts of 2 tokens, 2 of them for an image, each image for itself.
inline config::Config tiny_l2p() {
    config::Config config;
    config.input_size = kTinyImage;
    config.prompt_pool_param.pool_size = 5;
    config.prompt_pool_param.length = 2;
    config.prompt_pool_param.top_k = 2;
    config.prompt_pool_param.batchwise_prompt = false;
    return config;
}

/// DualPrompt on the tiny ViT: a G-prefix of 2 tokens at block 0, E-prefixes at blocks 1 and 2.
inline config::Config tiny_dualprompt() {
    config::Config config = tiny_l2p();
    config.method = "dualprompt";
    config.vit_classifier = "token";
    config.use_g_prompt = true;
    config.g_prompt_length = 2;
    config.g_prompt_layer_idx = {0};
    config.e_prompt_layer_idx = {1, 2};
    config.use_prefix_tune_for_e_prompt = true;
    config.prompt_pool_param.top_k = 1;
    return config;
}

}  // namespace promptcl::support
