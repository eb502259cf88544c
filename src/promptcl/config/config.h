// The configuration of a run: plain data, named with the keys of the original code.
#pragma once

#include "promptcl/config/continual.h"
#include "promptcl/config/evaluation.h"
#include "promptcl/config/images.h"
#include "promptcl/config/prompt_pool.h"

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::config {

/// The data set that the program draws itself.
struct Synthetic {
    std::string part = "stream";  // the 20 classes to learn; "pretrain": 20 others
    std::int64_t train_per_class = 60;
    std::int64_t test_per_class = 20;
    std::int64_t seed = 0;
};

struct Config {
    std::string method = "l2p";
    std::string model_name = "ViT-B_16";
    std::string init_checkpoint;
    std::string gelu = "tanh";
    std::vector<std::string> freeze_part = {"encoder", "embedding", "cls"};

    std::string dataset = "cifar100";
    std::string data_dir;
    std::string data_split;  // file that divides the images into training and test
    std::string cache_dir;   // where decoded images and query features are kept
    bool query_cache = true;
    Images images;
    std::vector<std::string> dataset_list;  // of 5-datasets, in the order they are learnt
    bool split_core50 = false;
    bool imr_eval = false;
    std::int64_t subsample_rate = -1;  // percent of each split; -1 keeps all
    std::string subsample_order = "drawn";
    bool reverse_task = false;
    bool gaussian_schedule = false;  // task-free: classes come and go
    Continual continual;
    Synthetic synthetic;

    std::int64_t per_device_batch_size = 16;
    std::int64_t num_devices = 1;
    std::int64_t num_epochs = 5;
    std::string optim = "adam";
    double sgd_momentum = 0.9;
    double learning_rate = 0.03;  // for a global batch of 256
    std::string learning_rate_schedule = "constant";
    double warmup_epochs = 0;
    double min_learning_rate = 0;
    double weight_decay = 0;
    double grad_clip_max_norm = 1.0;  // 0 switches clipping off
    std::string grad_clip_scope = "trainable";
    bool reinit_optimizer = true;
    std::vector<std::string> optim_wd_ignore;  // parameters without weight decay
    bool no_train = false;
    bool review_last_only = false;

    std::string vit_classifier = "prompt";
    bool norm_pre_logits = false;
    bool weight_norm = false;
    double temperature = 1.0;
    bool use_g_prompt = false;
    std::int64_t g_prompt_length = 5;
    std::string g_prompt_initializer = "uniform";
    std::vector<std::int64_t> g_prompt_layer_idx = {0, 1};
    bool use_prefix_tune_for_g_prompt = true;
    bool same_key_value_for_shared = false;
    bool use_e_prompt = true;
    std::vector<std::int64_t> e_prompt_layer_idx = {0};
    bool use_prefix_tune_for_e_prompt = false;
    std::string prompt_placement = "before_cls";
    bool prompt_position_embedding = false;  // prompt tokens get that of cls
    bool query_augmentation = true;  // false: a training query is that of the image as it is
    PromptPool prompt_pool_param;
    bool pull_constraint = true;
    double pull_constraint_coeff = 1.0;
    Ewc ewc;
    Lwf lwf;

    Evaluation evaluation;
    std::int64_t log_loss_every_steps = 3;
    std::int64_t checkpoint_every_steps = 5000;

    std::int64_t seed = 42;
    std::string device = "cpu";
    std::string precision = "fp32";
    bool cuda_graphs = true;
    std::string engine = "auto";
    std::int64_t num_threads = 0;  // 0: one a core
    std::int64_t num_workers = 2;  // threads that prepare images

    std::int64_t global_batch_size() const { return per_device_batch_size * num_devices; }
    /// Whether the images of a batch choose their prompts together.
    bool votes() const { return use_e_prompt && prompt_pool_param.batchwise_prompt; }

    friend bool operator==(const Config&, const Config&);

    /// Calls field(key, member, help) for every key in the order it is shown: the one list that
    /// parsing, printing, comparing, help and the documentation walk. Defined in config/fields.h.
    template <class Self, class Field>
    static void visit(Self& self, Field&& field);

    /// Everything that is wrong with the values, each problem one sentence that names the key and
    /// says what to do.
    std::vector<std::string> problems() const;
};

/// Throws one UsageError that lists every problem of the configuration.
void require_valid(const Config& config);

}  // namespace promptcl::config
