#include "promptcl/train/experiment.h"

#include "promptcl/core/error.h"
#include "promptcl/core/memory.h"
#include "promptcl/data/registry.h"
#include "promptcl/input/device_images.h"
#include "promptcl/io/sha256.h"
#include "promptcl/method/trained_vit.h"
#include "promptcl/tensor/device.h"
#include "promptcl/tensor/recording.h"
#include "promptcl/vit/device_vit.h"
#include "promptcl/vit/native_vit.h"

#include <fmt/format.h>
#include <limits>

namespace promptcl::train {
namespace {

vit::Gelu gelu_of(const config::Config& config) {
    return config.gelu == "erf" ? vit::Gelu::kErf : vit::Gelu::kTanh;
}

void require_frozen(const config::Config& config, const backbone::Geometry& geometry,
                    const std::string& what, const std::string& hint) {
    const auto reason = method::needs_plain(config, geometry);
    if (reason)
        throw UsageError(fmt::format("{} cannot compute this ViT: {}", what, *reason), hint);
}

std::shared_ptr<const vit::FrozenVit> open_on_gpu(const config::Config& config,
                                                  const backbone::Checkpoint& checkpoint) {
    const c10::Device gpu = tensor::open_gpu();
    require_frozen(config, checkpoint.survey.geometry, "device \"cuda\"", "set device = \"cpu\"");
    const auto precision = config.precision == "tf32"   ? vit::Precision::kTf32
                           : config.precision == "bf16" ? vit::Precision::kBf16
                                                        : vit::Precision::kFp32;
    constexpr std::int64_t kShare = 4;  // of the free memory, for an evaluation's activations
    return std::make_shared<vit::DeviceVit>(
        vit::Vit(checkpoint, config.images.input_size, gelu_of(config)),
        vit::DeviceOptions{.device = gpu,
                           .precision = precision,
                           .recorded = config.cuda_graphs && tensor::can_record(gpu),
                           .evaluated_at_once = vit::images_that_fit(
                               checkpoint.survey.geometry, config.images.input_size, precision,
                               tensor::free_bytes(gpu) / kShare)});
}

}  // namespace

std::unique_ptr<method::Method> Experiment::new_method() const {
    const Rng rng(static_cast<std::uint64_t>(config.seed));
    return going_on(method::make_method(config, backbone, stream.num_classes, rng), before, config);
}

std::unique_ptr<input::ImageSource> Experiment::images_of(const data::Dataset& split) const {
    const data::Transform transform(config.images);
    // A device crops bytes; it neither writes a JPEG nor normalises.
    const bool on_host = !images_on || config.images.train_jpeg || config.images.normalizes();
    if (on_host) return std::make_unique<input::HostImages>(transform);
    const std::int64_t room = images_on->is_cuda() ? tensor::free_bytes(*images_on) / 2
                                                   : std::numeric_limits<std::int64_t>::max();
    return std::make_unique<input::DeviceImages>(split, transform, *images_on, room);
}

void require_same(const std::string& what, const std::string& sha256_then,
                  const std::string& sha256_now) {
    if (sha256_then == sha256_now) return;
    throw Error(fmt::format("the run was begun with another {} (SHA-256 {}, now {})", what,
                            sha256_then, sha256_now),
                "give the same files, or start a new run in another --workdir");
}

void require_device(const config::Config& config) {
    if (config.device == "cuda") tensor::open_gpu();
}

std::shared_ptr<const vit::FrozenVit> open_backbone(const config::Config& config,
                                                    const backbone::Checkpoint& checkpoint) {
    if (config.device == "cuda") return open_on_gpu(config, checkpoint);
    const auto& geometry = checkpoint.survey.geometry;
    if (config.engine == "native")
        require_frozen(config, geometry, "engine \"native\"", "set engine = \"auto\" or \"plain\"");
    if (config.engine == "plain" || method::needs_plain(config, geometry)) {
        return std::make_shared<const vit::Vit>(checkpoint, config.images.input_size,
                                                gelu_of(config));
    }
    return std::make_shared<const vit::NativeVit>(checkpoint, config.images.input_size,
                                                  gelu_of(config));
}

Experiment open_experiment(const config::Config& config, data::OpenObserver& observer) {
    Experiment result{.config = config,
                      .data = {},
                      .stream = {},
                      .backbone = {},
                      .ignored_arrays = {},
                      .identity = {},
                      .images_on = {}};
    if (config.device == "cuda") result.images_on = tensor::open_gpu();
    {
        const auto checkpoint =
            backbone::read_checkpoint(config.init_checkpoint, config.model_name);
        result.backbone = open_backbone(config, checkpoint);
        result.ignored_arrays = checkpoint.survey.ignored;
    }
    release_freed_memory();
    result.data = data::open_dataset(config, observer);
    result.stream = stream::make_task_stream(result.data, config);
    result.identity = {.backbone_path = config.init_checkpoint,
                       .backbone_sha256 = io::sha256_of_file(config.init_checkpoint),
                       .data_sha256 = result.data.sha256};
    return result;
}

Experiment open_experiment(const config::Config& config) {
    data::OpenObserver nobody;
    return open_experiment(config, nobody);
}

}  // namespace promptcl::train
