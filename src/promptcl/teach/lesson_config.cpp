#include "promptcl/teach/lesson_config.h"

#include "promptcl/config/assign.h"
#include "promptcl/config/settings.h"
#include "promptcl/core/error.h"
#include "promptcl/model/classifier_file.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

namespace promptcl::teach {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 27> kKeys = {"num_epochs",
                                                    "per_device_batch_size",
                                                    "num_devices",
                                                    "optim",
                                                    "sgd_momentum",
                                                    "learning_rate",
                                                    "learning_rate_schedule",
                                                    "warmup_epochs",
                                                    "min_learning_rate",
                                                    "weight_decay",
                                                    "grad_clip_max_norm",
                                                    "grad_clip_scope",
                                                    "continual.train_mask",
                                                    "pull_constraint",
                                                    "pull_constraint_coeff",
                                                    "query_augmentation",
                                                    "prompt_pool_param.shared_prompt_pool",
                                                    "prompt_pool_param.shared_prompt_key",
                                                    "seed",
                                                    "checkpoint_every_steps",
                                                    "num_threads",
                                                    "num_workers",
                                                    "cache_dir",
                                                    "query_cache",
                                                    "device",
                                                    "precision",
                                                    "engine"};

std::string whole_path(const fs::path& path) {
    return fs::absolute(path).lexically_normal().string();
}

/// What the training that made the classifier was told of its machine and its stream says nothing
/// of this one.
config::Config for_one_task(const model::Classifier& classifier) {
    config::Config config = model::portable(classifier.state.config);
    config.dataset = "image_folder";
    config.subsample_rate = -1;
    config.reverse_task = config.gaussian_schedule = false;
    const bool train_mask = config.continual.train_mask;
    config.continual = {};
    config.continual.train_mask = train_mask;
    config.query_cache = config::Config().query_cache;
    return config;
}

}  // namespace

config::Config lesson_config(const model::Classifier& classifier,
                             std::span<const std::string> changes, const LessonPaths& paths) {
    config::Config config = for_one_task(classifier);
    config.init_checkpoint = whole_path(paths.backbone);
    config.data_dir = whole_path(paths.data);
    config.cache_dir = whole_path(paths.workdir / "image-cache");
    for (const std::string& change : changes) {
        const auto override = config::parse_override(change);
        config::assign(config, config::setting_of(override));  // an unknown key is refused here
        if (std::ranges::find(kKeys, override.key) != kKeys.end()) continue;
        throw UsageError(
            fmt::format(
                "{} cannot be changed for a model file: it decides how the classes it knows "
                "are answered, or belongs to a stream of tasks",
                override.key),
            fmt::format("these can: {}", fmt::join(kKeys, ", ")));
    }
    config.cache_dir = whole_path(config.cache_dir);
    config::require_valid(config);
    return config;
}

bool freezes_by_itself(const config::Config& config) {
    return !config.use_e_prompt || config.prompt_pool_param.use_prompt_mask;
}

}  // namespace promptcl::teach
