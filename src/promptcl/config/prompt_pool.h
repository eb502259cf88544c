// The prompts that are chosen for each image, and how.
#pragma once

#include <cstdint>
#include <string>

namespace promptcl::config {

/// The pool the E-prompts are chosen from: M prompts of L tokens, N of them for an image.
struct PromptPool {
    std::int64_t pool_size = 10;  // M
    std::int64_t length = 10;     // L
    std::int64_t top_k = 4;       // N
    std::string initializer = "uniform";
    double init_range = 0.01;  // of all drawn prompts and keys
    bool prompt_key = true;
    std::string prompt_key_init = "uniform";
    std::string embedding_key = "cls";
    bool batchwise_prompt = true;
    bool use_prompt_mask = false;
    bool shared_prompt_pool = false;
    bool shared_prompt_key = false;
};

}  // namespace promptcl::config
