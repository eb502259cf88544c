#include "promptcl/train/run_folder.h"

#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/json.h"
#include "promptcl/io/safetensors.h"
#include "promptcl/io/sha256.h"
#include "promptcl/stream/manifest.h"

#include <ATen/ATen.h>

#include <fmt/format.h>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeptPairs = 2;

StateFile read_state(const fs::path& path, const std::string& model_sha256) {
    const io::SafeTensors file = io::read_safetensors(path);
    model::require_pair(file.metadata, path, model_sha256);
    const auto parsed = [&](const char* key) {
        return io::parse_json(model::metadata_of(file.metadata, key, path));
    };
    try {
        return {.arrays = file.arrays,
                .optimizer_steps = parsed("optimizer_steps"),
                .progress = progress_from_json(parsed("progress"))};
    } catch (const nlohmann::json::exception& error) {
        throw Error(fmt::format("{} is damaged: {}", path.string(), error.what()),
                    "remove it, or give another checkpoint");
    }
}

}  // namespace

void RunFolder::create(const config::Config& config) const {
    std::error_code error;
    fs::create_directories(checkpoints().folder(), error);
    if (error) {
        throw Error(
            fmt::format("cannot make the run folder {}: {}", path_.string(), error.message()),
            "choose a --workdir that may be written");
    }
    io::write_file_atomically(config_file(), config::to_toml(config));
}

void RunFolder::write_manifest(const Experiment& experiment) const {
    if (fs::exists(manifest_file())) return;
    io::write_file_atomically(manifest_file(),
                              stream::manifest_of(experiment.data, experiment.stream));
}

void RunFolder::save(const model::RunModel& model, const StateFile& state) const {
    const std::int64_t step = state.progress.position.global_step;
    const auto pairs = checkpoints();
    model::write_run_model(pairs.model_path(step), model);
    io::write_safetensors(
        pairs.state_path(step),
        {.arrays = state.arrays,
         .metadata = {{"format", std::string(model::kStateFormat)},
                      {"model_sha256", io::sha256_of_file(pairs.model_path(step))},
                      {"optimizer_steps", std::to_string(state.optimizer_steps)},
                      {"progress", to_json(state.progress).dump()}}});
    const auto all = pairs.steps();
    for (std::size_t i = kKeptPairs; i < all.size(); ++i) {
        std::error_code ignored;  // a file that cannot be removed does no harm
        fs::remove(pairs.state_path(all[i]), ignored);
        fs::remove(pairs.model_path(all[i]), ignored);
    }
}

std::optional<Saved> RunFolder::newest(std::vector<std::string>& warnings) const {
    const auto pairs = checkpoints();
    const auto all = pairs.steps();
    for (const std::int64_t step : all) {
        const fs::path model_path = pairs.model_path(step);
        try {
            return Saved{
                .model = model::read_run_model(model_path),
                .state = read_state(pairs.state_path(step), io::sha256_of_file(model_path)),
                .model_path = model_path};
        } catch (const Error& error) {
            warnings.emplace_back(error.what());
        }
    }
    if (all.empty()) return std::nullopt;
    throw Error(fmt::format("no checkpoint in {} can be read: {}", pairs.folder().string(),
                            warnings.front()),
                "restore the files from a copy, or start again in a new --workdir");
}

void restore(const std::vector<NamedTensor>& tensors, const io::ArrayMap& arrays,
             const std::string& place) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, tensor] : tensors) {
        const auto found = arrays.find(name);
        if (found == arrays.end()) {
            throw Error(fmt::format("{} holds no array {}", place, name),
                        "give a checkpoint of the same configuration");
        }
        if (found->second.shape != tensor.sizes().vec()) {
            throw Error(fmt::format("{}: array {} has shape {}, but {} is needed", place, name,
                                    io::to_string(found->second.shape),
                                    io::to_string(tensor.sizes().vec())),
                        "give a checkpoint of the same configuration");
        }
        Tensor target = tensor;
        target.copy_(tensor::from_array(found->second));
    }
}

io::ArrayMap arrays_of(const std::vector<NamedTensor>& tensors) {
    io::ArrayMap result;
    for (const auto& [name, tensor] : tensors)
        result[name] = tensor::to_array(tensor);
    return result;
}

}  // namespace promptcl::train
