#include "promptcl/model/classifier_file.h"

#include "promptcl/config/json.h"
#include "promptcl/core/error.h"
#include "promptcl/core/version.h"
#include "promptcl/io/json.h"
#include "promptcl/io/safetensors.h"
#include "promptcl/io/sha256.h"
#include "promptcl/model/json.h"
#include "promptcl/model/run_model.h"

#include <charconv>
#include <fmt/format.h>
#include <string_view>

namespace promptcl::model {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kFormat = "promptcl-classifier-";
constexpr int kVersionWritten = 1;

std::string undo_prefix(std::size_t event) {
    return fmt::format("history/{}/", event);
}

void require_readable(const io::Metadata& metadata, const std::string& place) {
    const std::string_view format = metadata_of(metadata, "format", place);
    if (!format.starts_with(kFormat)) {
        throw Error(fmt::format("{} is a \"{}\" file and no classifier", place, format),
                    "`promptcl export RUN FILE` makes one of a run folder");
    }
    const std::string_view digits = format.substr(kFormat.size());
    int version = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), version);
    if (failure != std::errc() || end != digits.data() + digits.size() || version < 1) {
        throw Error(fmt::format("{} has the unknown format \"{}\"", place, format),
                    "give a model file that `promptcl export` wrote");
    }
    if (version > kVersionWritten) {
        throw Error(fmt::format("{} is a \"{}\" file of a newer promptcl ({}); this one ({}) reads "
                                "up to {}{}",
                                place, format, metadata_of(metadata, "promptcl_version", place),
                                kVersion, kFormat, kVersionWritten),
                    "install that version");
    }
}

}  // namespace

config::Config portable(config::Config config) {
    const config::Config defaults;
    config.init_checkpoint = defaults.init_checkpoint;
    config.data_dir = defaults.data_dir;
    config.data_split = defaults.data_split;
    config.cache_dir = defaults.cache_dir;
    config.continual.manifest = defaults.continual.manifest;
    config.device = defaults.device;
    config.precision = defaults.precision;
    config.engine = defaults.engine;
    config.num_threads = defaults.num_threads;
    config.num_workers = defaults.num_workers;
    return config;
}

io::SafeTensors contents_of(const Classifier& classifier, const std::string& place) {
    require_sound(classifier, place);
    const State& state = classifier.state;
    io::SafeTensors file{.arrays = state.arrays,
                         .metadata = {{"format", fmt::format("{}{}", kFormat, kVersionWritten)},
                                      {"promptcl_version", kVersion},
                                      {"config", config::to_json(portable(state.config)).dump()},
                                      {"backbone", to_json(classifier.backbone).dump()},
                                      {"tasks_learnt", std::to_string(state.tasks_learnt)},
                                      {"class_names", json(state.class_names).dump()},
                                      {"calibration", to_json(state.calibration).dump()}}};
    json history = json::array();
    for (std::size_t i = 0; i < classifier.history.size(); ++i) {
        history.push_back(json(to_json(classifier.history[i])));
        for (const auto& [name, array] : classifier.history[i].undo_arrays)
            file.arrays[undo_prefix(i) + name] = array;
    }
    file.metadata["history"] = history.dump();
    return file;
}

std::string sha256_of(const Classifier& classifier) {
    io::Sha256 digest;
    io::format_safetensors(contents_of(classifier, "the classifier"),
                           [&](std::span<const std::byte> bytes) { digest.update(bytes); });
    return digest.hex();
}

Classifier classifier_in(io::SafeTensors file, const std::string& place) {
    require_readable(file.metadata, place);
    const auto parsed = [&](const char* key) {
        return io::parse_json(metadata_of(file.metadata, key, place));
    };
    Classifier result;
    try {
        result.backbone = backbone_from_json(parsed("backbone"));
        result.state = {
            .config = config::from_json(parsed("config"), "in the metadata of " + place),
            .tasks_learnt = io::whole_number(parsed("tasks_learnt")),
            .class_names = parsed("class_names"),
            .arrays = {},
            .calibration = calibration_from_json(parsed("calibration"))};
        for (const json& event : parsed("history"))
            result.history.push_back(event_from_json(event));
    } catch (const json::exception& error) {
        throw Error(fmt::format("{} is damaged: {}", place, error.what()),
                    "give an undamaged model file");
    }
    for (std::size_t i = 0; i < result.history.size(); ++i) {
        const std::string prefix = undo_prefix(i);
        for (auto at = file.arrays.lower_bound(prefix);
             at != file.arrays.end() && at->first.starts_with(prefix);) {
            result.history[i].undo_arrays[at->first.substr(prefix.size())] = std::move(at->second);
            at = file.arrays.erase(at);
        }
    }
    result.state.arrays = std::move(file.arrays);
    require_sound(result, place);
    return result;
}

void write_classifier(const fs::path& path, const Classifier& classifier) {
    io::write_safetensors(path, contents_of(classifier, path.string()));
}

Classifier read_classifier(const fs::path& path) {
    return classifier_in(io::read_safetensors(path), path.string());
}

bool is_classifier(const fs::path& path) {
    try {
        const auto header = io::read_safetensors_header(path);
        const auto format = header.metadata.find("format");
        return format != header.metadata.end() && format->second.starts_with(kFormat);
    } catch (const Error&) {
        return false;
    }
}

}  // namespace promptcl::model
