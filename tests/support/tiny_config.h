// Configurations of methods over the tiny ViT.
#pragma once

#include "promptcl/config/config.h"

#include "tests/support/tiny_vit.h"

namespace promptcl::support {

/// L2P on the tiny ViT: 5 prompts of 2 tokens, 2 of them for an image, each image for itself.
inline config::Config tiny_l2p() {
    config::Config config;
    config.images.input_size = kTinyImage;
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
