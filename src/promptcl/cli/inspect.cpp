#include "promptcl/cli/commands.h"
#include "promptcl/cli/inspect_diff.h"
#include "promptcl/cli/inspect_facts.h"
#include "promptcl/cli/table.h"
#include "promptcl/config/json.h"
#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) {
    if (value.is_number_float()) return fmt::format("{:.5g}", value.get<double>());
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string arrays_text(const Json& arrays) {
    std::vector<Row> rows;
    std::int64_t total = 0;
    for (const auto& array : arrays) {
        const auto bytes = array.at("bytes").get<std::int64_t>();
        total += bytes;
        rows.push_back(
            {text_of(array.at("name")), text_of(array.at("dtype")),
             fmt::format("[{}]",
                         fmt::join(array.at("shape").get<std::vector<std::int64_t>>(), ", ")),
             human_bytes(static_cast<double>(bytes))});
    }
    return format_table({"array", "dtype", "shape", "bytes"}, rows) +
           fmt::format("{} arrays, {}\n", rows.size(), human_bytes(static_cast<double>(total)));
}

/// The keys in which a configuration differs from what its method starts from.
std::string changes_text(const Json& values, const std::string& place) {
    const auto config = config::from_json(nlohmann::json(values), place);
    std::string text = fmt::format("method {}, with", config.method);
    const auto found = config::differences(config::method_defaults(config.method), config);
    if (found.empty()) return text + " all its defaults\n";
    text += " these changes to its defaults:\n";
    for (const auto& entry : found)
        text += fmt::format("  {} = {}\n", entry.key, entry.right);
    return text;
}

std::string backbone_text(const Json& facts) {
    const Json& geometry = facts.at("geometry");
    std::string text = fmt::format(
        "{} (model_name = \"{}\"): patch {}, width {}, MLP {}, {} heads, {} blocks; trained for "
        "images "
        "of {} pixels a side\n\n",
        text_of(facts.at("model_name")),
        facts.at("model_name") == "unlisted" ? "auto" : text_of(facts.at("model_name")),
        text_of(geometry.at("patch")), text_of(geometry.at("width")), text_of(geometry.at("mlp")),
        text_of(geometry.at("heads")), text_of(geometry.at("blocks")),
        text_of(facts.at("input_size")));
    text += arrays_text(facts.at("arrays"));
    for (const auto& name : facts.at("ignored")) {
        text += fmt::format("ignored: {}\n", text_of(name));
    }
    return text;
}

std::string plain_arrays_text(const Json& facts) {
    return fmt::format("no backbone: {}\n\n{}", text_of(facts.at("no_backbone")),
                       arrays_text(facts.at("arrays")));
}

std::string checkpoint_text(const Json& facts) {
    std::string text;
    for (const auto& [key, value] : facts.at("metadata").items()) {
        text += key == "config" && value.is_object()
                    ? "config: " +
                          changes_text(value, "in the metadata of " + text_of(facts.at("path")))
                    : fmt::format("{}: {}\n", key, text_of(value));
    }
    return text + "\n" + arrays_text(facts.at("arrays"));
}

std::string configuration_text(const Json& facts) {
    const auto config =
        config::from_json(nlohmann::json(facts.at("config")), text_of(facts.at("path")));
    std::string text = config::to_toml(config);
    for (const auto& note : facts.at("notes"))
        text += fmt::format("\n# {}\n", text_of(note));
    const Json& problems = facts.at("problems");
    text += problems.empty() ? "\n# No problems.\n" : "\n# To be settled before it can run:\n";
    for (const auto& problem : problems)
        text += fmt::format("# - {}\n", text_of(problem));
    return text;
}

std::string run_text(const Json& facts) {
    std::string text = changes_text(facts.at("config"), "in " + text_of(facts.at("path"))) + "\n";
    const Json& results = facts.at("results");
    if (results.is_null()) {
        text += "no results yet\n";
    } else {
        std::vector<Row> rows;
        for (const auto& [key, value] : results.items()) {
            if (!value.is_object()) rows.push_back({key, text_of(value)});
        }
        for (const auto* choice : {"configured", "instance"}) {
            if (!results.contains(choice)) continue;
            for (const auto& [key, value] : results.at(choice).items()) {
                rows.push_back({fmt::format("{} ({})", key, choice), text_of(value)});
            }
        }
        text += format_table({"result", "value"}, rows);
    }
    std::vector<Row> files;
    for (const auto& file : facts.at("files")) {
        files.push_back({text_of(file.at("name")), human_bytes(file.at("bytes").get<double>())});
    }
    return text + "\n" + format_table({"file", "bytes"}, files);
}

std::string text_of_facts(const Json& facts) {
    const std::string kind = facts.at("kind");
    std::string text = fmt::format("# {}: {}", text_of(facts.at("path")), kind);
    if (facts.contains("bytes")) text += ", " + human_bytes(facts.at("bytes").get<double>());
    text += "\n";
    if (kind == "backbone") return text + backbone_text(facts);
    if (kind == "arrays") return text + plain_arrays_text(facts);
    if (kind == "checkpoint") return text + checkpoint_text(facts);
    if (kind == "configuration") return text + configuration_text(facts);
    return text + run_text(facts);
}

}  // namespace

int run_inspect(const InspectOptions& options) {
    if (options.diff) {
        const Json facts = diff_facts(options.paths.front(), options.paths.back());
        fmt::print("{}", options.json ? facts.dump(2) + "\n" : diff_text(facts));
        return static_cast<int>(ExitCode::kSuccess);
    }
    if (options.toml) {
        fmt::print("{}", config::to_toml(config::load_config(options.paths.front())));
        return static_cast<int>(ExitCode::kSuccess);
    }
    Json all = Json::array();
    for (const auto& path : options.paths)
        all.push_back(inspect_facts(path));
    if (options.json) {
        fmt::print("{}\n", (all.size() == 1 ? all.front() : all).dump(2));
        return static_cast<int>(ExitCode::kSuccess);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        fmt::print("{}{}", i == 0 ? "" : "\n", text_of_facts(all[i]));
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
