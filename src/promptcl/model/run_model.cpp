#include "promptcl/model/run_model.h"

#include "promptcl/config/json.h"
#include "promptcl/core/error.h"
#include "promptcl/core/version.h"
#include "promptcl/io/json.h"
#include "promptcl/io/sha256.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <system_error>

namespace promptcl::model {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kModelFormat = "promptcl-model-1";
constexpr std::string_view kStateSuffix = ".state.safetensors";

std::string stem(std::int64_t global_step) {
    return fmt::format("step-{:08}", global_step);
}

}  // namespace

const std::string& metadata_of(const io::Metadata& metadata, const std::string& key,
                               const fs::path& path) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) {
        throw Error(fmt::format("{} has no \"{}\" in its metadata", path.string(), key),
                    "give a file that promptcl wrote");
    }
    return found->second;
}

void require_format(const io::Metadata& metadata, std::string_view format, const fs::path& path) {
    const std::string& found = metadata_of(metadata, "format", path);
    if (found != format) {
        throw Error(
            fmt::format("{} is a \"{}\" file, but this version of promptcl ({}) reads \"{}\"",
                        path.string(), found, kVersion, format),
            "use the version that wrote it, or a newer one");
    }
}

RunModel read_run_model(const fs::path& path) {
    io::SafeTensors file = io::read_safetensors(path);
    require_format(file.metadata, kModelFormat, path);
    const auto parsed = [&](const char* key) {
        return io::parse_json(metadata_of(file.metadata, key, path));
    };
    RunModel model;
    try {
        model = {
            .arrays = std::move(file.arrays),
            .config = config::from_json(parsed("config"), "in the metadata of " + path.string()),
            .identity = {.backbone_path = metadata_of(file.metadata, "backbone_path", path),
                         .backbone_sha256 = metadata_of(file.metadata, "backbone_sha256", path),
                         .data_sha256 = metadata_of(file.metadata, "data_sha256", path)},
            .class_names = parsed("class_names"),
            .tasks_learnt = io::whole_number(parsed("tasks_learnt")),
            .learnt_classes = io::whole_numbers(parsed("learnt_classes"))};
    } catch (const json::exception& error) {
        throw Error(fmt::format("{} is damaged: {}", path.string(), error.what()),
                    "remove it, or give another checkpoint");
    }
    for (const std::int64_t learnt : model.learnt_classes) {
        if (learnt >= 0 && learnt < std::ssize(model.class_names)) continue;
        throw Error(fmt::format("{} is damaged: its learnt_classes name the class {} of {}",
                                path.string(), learnt, model.class_names.size()),
                    "remove it, or give another checkpoint");
    }
    return model;
}

void write_run_model(const fs::path& path, const RunModel& model) {
    io::write_safetensors(path,
                          {.arrays = model.arrays,
                           .metadata = {{"format", std::string(kModelFormat)},
                                        {"promptcl_version", kVersion},
                                        {"config", config::to_json(model.config).dump()},
                                        {"backbone_path", model.identity.backbone_path},
                                        {"backbone_sha256", model.identity.backbone_sha256},
                                        {"data_sha256", model.identity.data_sha256},
                                        {"class_names", json(model.class_names).dump()},
                                        {"tasks_learnt", std::to_string(model.tasks_learnt)},
                                        {"learnt_classes", json(model.learnt_classes).dump()}}});
}

fs::path Checkpoints::model_path(std::int64_t step) const {
    return folder_ / (stem(step) + ".safetensors");
}

fs::path Checkpoints::state_path(std::int64_t step) const {
    return folder_ / (stem(step) + std::string(kStateSuffix));
}

std::vector<std::int64_t> Checkpoints::steps() const {
    std::vector<std::int64_t> result;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(folder_, missing)) {
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

void require_pair(const io::Metadata& state, const fs::path& state_path,
                  const std::string& model_sha256) {
    require_format(state, kStateFormat, state_path);
    if (metadata_of(state, "model_sha256", state_path) != model_sha256) {
        throw Error(fmt::format("{} belongs to another model file than the one beside it",
                                state_path.string()),
                    "restore the model file or remove the pair");
    }
}

NewestModel newest_run_model(const fs::path& workdir) {
    const Checkpoints checkpoints(workdir);
    std::optional<Error> reason;
    for (const std::int64_t step : checkpoints.steps()) {
        const fs::path path = checkpoints.model_path(step), state = checkpoints.state_path(step);
        try {
            require_pair(io::read_safetensors_header(state).metadata, state,
                         io::sha256_of_file(path));
            return {.model = read_run_model(path), .path = path};
        } catch (const Error& error) {
            if (!reason) reason = error;  // the next older one serves as well
        }
    }
    if (reason) throw Error(*reason);
    throw Error(fmt::format("{} has no checkpoint yet", workdir.string()), "let train go on first");
}

}  // namespace promptcl::model
