#include "promptcl/train/run_folder.h"

#include "promptcl/config/json.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/core/version.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/safetensors.h"
#include "promptcl/io/sha256.h"
#include "promptcl/stream/manifest.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStateSuffix = ".state.safetensors";
constexpr std::string_view kModelFormat = "promptcl-model-1";
constexpr std::string_view kStateFormat = "promptcl-state-1";
constexpr std::size_t kKeptPairs = 2;

std::string stem(std::int64_t global_step) {
    return fmt::format("step-{:08}", global_step);
}

const std::string& metadata_of(const io::SafeTensors& file, const std::string& key,
                               const fs::path& path) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
        throw Error(fmt::format("{} has no \"{}\" in its metadata", path.string(), key),
                    "give a checkpoint that promptcl wrote");
    }
    return found->second;
}

void require_format(const io::SafeTensors& file, std::string_view format, const fs::path& path) {
    const std::string& found = metadata_of(file, "format", path);
    if (found != format) {
        throw Error(
            fmt::format("{} is a \"{}\" file, but this version of promptcl ({}) reads \"{}\"",
                        path.string(), found, kVersion, format),
            "use the version that wrote it, or a newer one");
    }
}

/// Runs `read`, turning what a JSON library says of a damaged text into an Error that names the
/// file.
template <class Read>
auto naming(const fs::path& path, const Read& read) {
    try {
        return read();
    } catch (const nlohmann::json::exception& error) {
        throw Error(fmt::format("{} is damaged: {}", path.string(), error.what()),
                    "remove it, or give another checkpoint");
    }
}

StateFile read_state(const fs::path& path, const std::string& model_sha256) {
    const io::SafeTensors file = io::read_safetensors(path);
    require_format(file, kStateFormat, path);
    if (metadata_of(file, "model_sha256", path) != model_sha256) {
        throw Error(
            fmt::format("{} belongs to another model file than the one beside it", path.string()),
            "restore the model file or remove the pair");
    }
    return naming(path, [&] {
        return StateFile{
            .arrays = file.arrays,
            .optimizer_steps = nlohmann::json::parse(metadata_of(file, "optimizer_steps", path)),
            .progress =
                progress_from_json(nlohmann::json::parse(metadata_of(file, "progress", path)))};
    });
}

}  // namespace

ModelFile read_model(const fs::path& path) {
    const io::SafeTensors file = io::read_safetensors(path);
    require_format(file, kModelFormat, path);
    return naming(path, [&] {
        const auto json = [&](const char* key) {
            return nlohmann::json::parse(metadata_of(file, key, path));
        };
        return ModelFile{
            .arrays = file.arrays,
            .config = config::from_json(json("config"), "in the metadata of " + path.string()),
            .identity = {.backbone_path = metadata_of(file, "backbone_path", path),
                         .backbone_sha256 = metadata_of(file, "backbone_sha256", path),
                         .data_sha256 = metadata_of(file, "data_sha256", path)},
            .class_names = json("class_names"),
            .tasks_learnt = json("tasks_learnt"),
            .learnt_classes = json("learnt_classes")};
    });
}

void RunFolder::create(const config::Config& config) const {
    std::error_code error;
    fs::create_directories(checkpoints(), error);
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

void RunFolder::save(const ModelFile& model, const StateFile& state) const {
    const std::string name = stem(state.progress.position.global_step);
    const fs::path model_path = checkpoints() / (name + ".safetensors");
    io::write_safetensors(
        model_path,
        {.arrays = model.arrays,
         .metadata = {{"format", std::string(kModelFormat)},
                      {"promptcl_version", kVersion},
                      {"config", config::to_json(model.config).dump()},
                      {"backbone_path", model.identity.backbone_path},
                      {"backbone_sha256", model.identity.backbone_sha256},
                      {"data_sha256", model.identity.data_sha256},
                      {"class_names", nlohmann::json(model.class_names).dump()},
                      {"tasks_learnt", std::to_string(model.tasks_learnt)},
                      {"learnt_classes", nlohmann::json(model.learnt_classes).dump()}}});
    io::write_safetensors(checkpoints() / (name + std::string(kStateSuffix)),
                          {.arrays = state.arrays,
                           .metadata = {{"format", std::string(kStateFormat)},
                                        {"model_sha256", io::sha256_of_file(model_path)},
                                        {"optimizer_steps", std::to_string(state.optimizer_steps)},
                                        {"progress", to_json(state.progress).dump()}}});
    const auto all = steps();
    for (std::size_t i = kKeptPairs; i < all.size(); ++i) {
        std::error_code ignored;  // a file that cannot be removed does no harm
        fs::remove(checkpoints() / (stem(all[i]) + std::string(kStateSuffix)), ignored);
        fs::remove(checkpoints() / (stem(all[i]) + ".safetensors"), ignored);
    }
}

std::vector<std::int64_t> RunFolder::steps() const {
    std::vector<std::int64_t> result;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(checkpoints(), missing)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("step-") || !name.ends_with(kStateSuffix)) continue;
        try {
            result.push_back(std::stoll(name.substr(5)));
        } catch (const std::exception&) {
            continue;  // not one of ours
        }
    }
    std::ranges::sort(result, std::greater<>());
    return result;
}

std::optional<Saved> RunFolder::newest(std::vector<std::string>& warnings) const {
    const auto all = steps();
    for (const std::int64_t step : all) {
        const fs::path model_path = checkpoints() / (stem(step) + ".safetensors");
        try {
            return Saved{
                .model = read_model(model_path),
                .state = read_state(checkpoints() / (stem(step) + std::string(kStateSuffix)),
                                    io::sha256_of_file(model_path)),
                .model_path = model_path};
        } catch (const Error& error) {
            warnings.emplace_back(error.what());
        }
    }
    if (all.empty()) return std::nullopt;
    throw Error(fmt::format("no checkpoint in {} can be read: {}", checkpoints().string(),
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
