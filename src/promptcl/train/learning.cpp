#include "promptcl/train/learning.h"

#include "promptcl/core/error.h"
#include "promptcl/core/memory.h"
#include "promptcl/io/sha256.h"
#include "promptcl/train/run_folder.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>

namespace promptcl::train {
namespace {

config::Config config_of_lesson(config::Config config, const model::Growth& growth,
                                std::int64_t images) {
    config.prompt_pool_param.pool_size = growth.pool_size;
    config.continual.num_tasks = 1;
    config.continual.num_classes_per_task = std::ssize(growth.taught);
    config.continual.replay = {};
    config.continual.review_trick = false;
    config.per_device_batch_size =
        std::clamp<std::int64_t>(images / config.num_devices, 1, config.per_device_batch_size);
    return config;
}

void require_comparison(const Lesson& lesson, const config::Config& config) {
    if (lesson.growth.taught.size() > 1 || !config.continual.train_mask || config.method == "ncm")
        return;
    throw UsageError(
        fmt::format("{} would learn one class alone under continual.train_mask, which hides every "
                    "class it could be told from",
                    lesson.name),
        "give two classes or more, or --set continual.train_mask=false");
}

void require_own_backbone(const Lesson& lesson, const config::Config& config,
                          const std::string& sha256) {
    const auto& own = lesson.classifier.backbone;
    if (sha256 == own.sha256) return;
    throw Error(fmt::format("{} is not the backbone of {}, which is {} (SHA-256 {})",
                            config.init_checkpoint, lesson.name, own.file, own.sha256),
                "give that file with --backbone FILE");
}

stream::TaskStream stream_of(const model::Growth& growth, std::int64_t images) {
    stream::TaskStream stream;
    stream::Task& task = stream.tasks.emplace_back();
    task.classes = growth.taught;
    task.train.resize(static_cast<std::size_t>(images));
    std::iota(task.train.begin(), task.train.end(), 0);
    task.images_per_epoch = images;
    stream.num_classes = std::ssize(growth.class_names);
    return stream;
}

/// Without what only the model file holds.
io::ArrayMap learner_arrays(const model::State& state) {
    io::ArrayMap arrays = state.arrays;
    std::erase_if(arrays, [](const auto& entry) { return entry.first.starts_with("class/"); });
    return arrays;
}

LearntBefore before_of(const Lesson& lesson) {
    LearntBefore before{
        .tasks = lesson.growth.task, .arrays = learner_arrays(lesson.classifier.state), .hold = {}};
    if (lesson.old == Old::kMoving) return before;
    before.hold = {.prompts = lesson.growth.prompts, .extended = {}};
    for (const std::int64_t label : lesson.growth.taught) {
        if (label < lesson.classifier.classes()) before.hold->extended.push_back(label);
    }
    return before;
}

}  // namespace

Experiment open_lesson(const Lesson& lesson, const config::Config& config,
                       const std::function<data::DataSource()>& open_data) {
    require_comparison(lesson, config);
    const std::string sha256 = io::sha256_of_file(config.init_checkpoint);
    require_own_backbone(lesson, config, sha256);
    data::DataSource data = open_data();
    const std::int64_t images = data.train->size();
    Experiment result{.config = config_of_lesson(config, lesson.growth, images),
                      .data = std::move(data),
                      .stream = stream_of(lesson.growth, images),
                      .backbone = {},
                      .ignored_arrays = {},
                      .identity = {.backbone_path = config.init_checkpoint,
                                   .backbone_sha256 = sha256,
                                   .data_sha256 = {}},
                      .before = before_of(lesson)};
    result.identity.data_sha256 = result.data.sha256;
    result.backbone =
        open_backbone(config, backbone::read_checkpoint(config.init_checkpoint, config.model_name));
    release_freed_memory();
    return result;
}

model::State learnt_state(const Lesson& lesson, const method::Method& method) {
    return model::grown(lesson.classifier.state, lesson.growth, arrays_of(method.state()));
}

}  // namespace promptcl::train
