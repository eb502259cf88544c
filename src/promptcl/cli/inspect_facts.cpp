#include "promptcl/cli/inspect_facts.h"

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/config/json.h"
#include "promptcl/config/load.h"
#include "promptcl/config/locate.h"
#include "promptcl/core/error.h"
#include "promptcl/data/registry.h"
#include "promptcl/io/dtype.h"
#include "promptcl/io/file.h"
#include "promptcl/io/json.h"
#include "promptcl/io/npz.h"
#include "promptcl/io/safetensors.h"
#include "promptcl/runs/run_config.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json facts_of_arrays(const io::ArrayInfoMap& arrays) {
    Json list = Json::array();
    for (const auto& [name, info] : arrays) {
        const auto bytes = io::byte_count(info.shape, io::dtype_named(info.dtype).size);
        list.push_back({{"name", name},
                        {"dtype", info.dtype},
                        {"shape", info.shape},
                        {"bytes", bytes.value_or(0)}});
    }
    return list;
}

/// Metadata values are text; those that hold a JSON object or list are shown as one.
Json metadata_value(const std::string& text) {
    if (!text.starts_with('{') && !text.starts_with('[')) return text;
    try {
        return io::parse_json<Json>(text);
    } catch (const Json::exception&) {
        return text;
    }
}

/// A ViT, or else its arrays and why they are none.
Json inspect_arrays(const fs::path& path, const io::ArrayInfoMap& arrays) {
    Json facts = {{"path", path.string()}, {"kind", "arrays"}, {"bytes", fs::file_size(path)}};
    try {
        const auto survey = backbone::survey(path, "auto");
        const auto& geometry = survey.geometry;
        facts["kind"] = "backbone";
        facts["model_name"] = geometry.name;
        facts["geometry"] = {{"patch", geometry.patch},   {"width", geometry.width},
                             {"mlp", geometry.mlp},       {"heads", geometry.heads},
                             {"blocks", geometry.blocks}, {"dropout", geometry.dropout}};
        facts["input_size"] = survey.grid * geometry.patch;
        facts["ignored"] = survey.ignored;
    } catch (const Error& reason) {
        facts["no_backbone"] = reason.what();
    }
    facts["arrays"] = facts_of_arrays(arrays);
    return facts;
}

/// Promptcl's own files name their format; others are looked at as backbones.
Json inspect_safetensors(const fs::path& path) {
    const auto header = io::read_safetensors_header(path);
    const auto format = header.metadata.find("format");
    if (format == header.metadata.end() || !format->second.starts_with("promptcl-"))
        return inspect_arrays(path, header.arrays);
    Json metadata = Json::object();
    for (const auto& [key, value] : header.metadata)
        metadata[key] = metadata_value(value);
    return {{"path", path.string()},
            {"kind", "checkpoint"},
            {"bytes", fs::file_size(path)},
            {"metadata", metadata},
            {"arrays", facts_of_arrays(header.arrays)}};
}

Json inspect_config(const fs::path& path) {
    std::vector<std::string> notes;
    const auto config = config::load_config(path, std::span<const config::Override>(), &notes);
    auto problems = config.problems();
    if (auto problem = data::dataset_problem(config.dataset)) problems.push_back(*problem);
    return {{"path", path.string()},
            {"kind", "configuration"},
            {"config", config::to_json(config)},
            {"notes", notes},
            {"problems", problems}};
}

/// What results.json says of how far the run came, without the lists.
Json results_of(const fs::path& path) {
    std::error_code failure;
    if (!fs::exists(path, failure)) return nullptr;
    Json results;
    try {
        results = io::parse_json<Json>(io::read_file(path));
    } catch (const Json::exception&) {
        results = nullptr;
    }
    if (!results.is_object()) {
        throw Error(fmt::format("{} is damaged: it is no JSON object", path.string()),
                    "remove it; `promptcl train` on the folder writes it again");
    }
    Json summary = Json::object();
    for (const auto* key : {"method", "tasks_done", "num_tasks", "seed", "wall_seconds",
                            "train_images_per_second", "peak_memory_bytes"}) {
        if (results.contains(key)) summary[key] = results[key];
    }
    for (const auto* choice : {"configured", "instance"}) {
        const auto figures = Json::json_pointer(fmt::format("/{}/final", choice));
        if (results.contains(figures)) summary[choice] = results[figures];
    }
    return summary;
}

Json inspect_run(const fs::path& path) {
    const fs::path config_file = path / "config.toml";
    std::error_code failure;
    if (!fs::exists(config_file, failure)) {
        throw Error(fmt::format("{} is no run folder: it has no config.toml", path.string()),
                    "give the --workdir of a `promptcl train`");
    }
    std::vector<std::pair<std::string, std::uintmax_t>> files;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
        if (!entry.is_regular_file()) continue;
        files.emplace_back(entry.path().lexically_relative(path).string(), entry.file_size());
    }
    std::ranges::sort(files);
    Json listed = Json::array();
    for (const auto& [name, bytes] : files)
        listed.push_back({{"name", name}, {"bytes", bytes}});
    return {{"path", path.string()},
            {"kind", "run"},
            {"config", config::to_json(runs::stored_config(path))},
            {"results", results_of(path / "results.json")},
            {"files", listed}};
}

/// The name of a shipped configuration, or NAME@PRESET of one or of a file.
bool names_configuration(const fs::path& given) {
    const auto [file, preset] = config::split_config_name(given);
    std::error_code failure;
    if (!preset.empty() && fs::exists(file, failure)) return true;
    return std::ranges::any_of(config::shipped_configs(), [&](const auto& config) {
        return file == config.name || file == config.name + ".toml";
    });
}

}  // namespace

Json inspect_facts(const fs::path& path) {
    constexpr std::string_view kHint =
        "give a backbone (.npz, .safetensors), a checkpoint (.safetensors), a configuration "
        "(.toml, or the original's .py) or a run folder";
    std::error_code failure;
    if (fs::is_directory(path, failure)) return inspect_run(path);
    if (!fs::exists(path, failure)) {
        if (names_configuration(path)) return inspect_config(path);
        throw Error(fmt::format("cannot read {}: no such file or folder", path.string()), kHint);
    }
    if (path.extension() == ".npz") return inspect_arrays(path, io::list_npz(path));
    if (path.extension() == ".safetensors") return inspect_safetensors(path);
    if (path.extension() == ".toml" || path.extension() == ".py") return inspect_config(path);
    throw UsageError(fmt::format("cannot tell what {} is by its name", path.string()), kHint);
}

}  // namespace promptcl::cli
