#include "promptcl/train/experiment.h"

#include "promptcl/core/error.h"
#include "promptcl/core/memory.h"
#include "promptcl/data/registry.h"
#include "promptcl/io/sha256.h"
#include "promptcl/method/trained_vit.h"
#include "promptcl/vit/native_vit.h"

#include <fmt/format.h>

namespace promptcl::train {

std::unique_ptr<method::Method> Experiment::new_method() const {
    const Rng rng(static_cast<std::uint64_t>(config.seed));
    return method::make_method(config, backbone, stream.num_classes, rng);
}

void require_same(const std::string& what, const std::string& sha256_then,
                  const std::string& sha256_now) {
    if (sha256_then == sha256_now) return;
    throw Error(fmt::format("the run was begun with another {} (SHA-256 {}, now {})", what,
                            sha256_then, sha256_now),
                "give the same files, or start a new run in another --workdir");
}

std::shared_ptr<const vit::FrozenVit> open_backbone(const config::Config& config,
                                                    const backbone::Checkpoint& checkpoint) {
    const auto gelu = config.gelu == "erf" ? vit::Gelu::kErf : vit::Gelu::kTanh;
    const auto plain = std::make_shared<const vit::Vit>(checkpoint, config.input_size, gelu);
    if (config.engine == "plain") return plain;
    const auto reason = method::needs_plain(config, plain->geometry());
    if (!reason) return std::make_shared<vit::NativeVit>(*plain);
    if (config.engine == "native") {
        throw UsageError(fmt::format("engine \"native\" cannot compute this ViT: {}", *reason),
                         "set engine = \"auto\" or \"plain\"");
    }
    return plain;
}

Experiment open_experiment(const config::Config& config, data::OpenObserver& observer) {
    Experiment result{.config = config,
                      .data = {},
                      .stream = {},
                      .backbone = {},
                      .ignored_arrays = {},
                      .identity = {}};
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
