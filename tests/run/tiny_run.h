// A run small enough for a test: synthetic images of 8 x 8, a tiny random ViT, three tasks of two
// classes.
#pragma once

#include "promptcl/config/load.h"
#include "promptcl/train/observer.h"
#include "promptcl/train/trainer.h"

#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"

#include <filesystem>
#include <string>

namespace promptcl::support {

/// What a method needs to run on the tiny ViT.
inline config::Config tiny_run_config(const std::string& method,
                                      const std::filesystem::path& folder) {
    config::Config config = config::method_defaults(method);
    config.model_name = "auto";
    config.init_checkpoint = (folder / "tiny.npz").string();
    config.dataset = "synthetic";
    config.synthetic.train_per_class = 12;
    config.synthetic.test_per_class = 5;
    config.images.input_size = kTinyImage;
    config.images.resize_size = kTinyImage;
    config.continual.num_tasks = 3;
    config.continual.num_classes_per_task = 2;
    config.per_device_batch_size = 4;
    config.num_epochs = 2;
    config.learning_rate = 1.0;
    config.log_loss_every_steps = 5;
    config.checkpoint_every_steps = 4;
    config.prompt_pool_param.pool_size = 6;
    config.prompt_pool_param.length = 2;
    config.prompt_pool_param.top_k = 2;
    config.ewc.fisher_images = 3;
    if (method == "dualprompt") {
        config.prompt_pool_param.top_k = 1;
        config.g_prompt_length = 2;
        config.g_prompt_layer_idx = {0};
        config.e_prompt_layer_idx = {1, 2};
    }
    return config;
}

inline void write_tiny_backbone(const std::filesystem::path& folder, std::uint64_t seed = 1) {
    write_checkpoint(folder / "tiny.npz", tiny_checkpoint(seed));
}

}  // namespace promptcl::support
