#include "promptcl/backbone/geometry.h"
#include "promptcl/cli/commands.h"
#include "promptcl/cli/table.h"
#include "promptcl/config/locate.h"
#include "promptcl/config/methods.h"
#include "promptcl/config/presets.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/data/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

using Json = nlohmann::ordered_json;

/// One object for each thing that is listed, all with the same members in the same order: the
/// columns of the table.
Json list_methods() {
    Json list = Json::array();
    for (const auto& method : config::methods()) {
        list.push_back({{"method", method.name}, {"summary", method.summary}});
    }
    return list;
}

Json list_presets() {
    Json list = Json::array();
    for (const auto& preset : config::presets()) {
        Json rows = Json::array();
        for (const auto& row : config::preset_rows()) {
            if (row.preset != preset.name) continue;
            Json values = Json::object();
            for (const auto& [key, value] : row.values)
                values[std::string(key)] = value;
            rows.push_back({{"method", row.method}, {"data", row.benchmark}, {"values", values}});
        }
        list.push_back({{"preset", preset.name}, {"summary", preset.summary}, {"rows", rows}});
    }
    return list;
}

Json list_datasets() {
    Json list = Json::array();
    for (const auto& dataset : data::datasets()) {
        list.push_back({{"dataset", dataset.name}, {"summary", dataset.summary}});
    }
    return list;
}

Json list_backbones() {
    Json list = Json::array();
    for (const auto& variant : backbone::variants()) {
        list.push_back({{"model_name", variant.name},
                        {"patch", variant.patch},
                        {"width", variant.width},
                        {"mlp", variant.mlp},
                        {"heads", variant.heads},
                        {"blocks", variant.blocks},
                        {"dropout", variant.dropout}});
    }
    return list;
}

Json list_files(const std::string& title, const std::vector<config::ShippedConfig>& files) {
    Json list = Json::array();
    for (const auto& file : files) {
        list.push_back(
            {{title, file.name}, {"summary", file.summary}, {"file", file.path.string()}});
    }
    return list;
}

Json list_keys() {
    Json list = Json::array();
    for (const auto& key : config::key_infos()) {
        list.push_back({{"key", key.key},
                        {"default", key.value},
                        {"meaning", key.help},
                        {"valid", fmt::format("{}", fmt::join(key.choices, ", "))}});
    }
    return list;
}

Json list_of(Listing what) {
    switch (what) {
        case Listing::kMethods:
            return list_methods();
        case Listing::kDatasets:
            return list_datasets();
        case Listing::kBackbones:
            return list_backbones();
        case Listing::kConfigs:
            return list_files("config", config::shipped_configs());
        case Listing::kPresets:
            return list_presets();
        case Listing::kTables:
            return list_files("table", config::shipped_tables());
        case Listing::kKeys:
            return list_keys();
    }
    throw Bug("a list without a maker");
}

std::string table_of(const Json& list) {
    if (list.empty()) return "there are none\n";
    Row header;
    for (const auto& [name, value] : list.front().items())
        header.push_back(name);
    std::vector<Row> rows;
    for (const auto& entry : list) {
        Row& row = rows.emplace_back();
        for (const auto& value : entry) {
            row.push_back(value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    return format_table(header, rows);
}

}  // namespace

int run_list(const ListOptions& options) {
    if (options.form == Form::kMarkdown) {
        fmt::print("{}", config::keys_markdown());
        return static_cast<int>(ExitCode::kSuccess);
    }
    Json list = list_of(options.what);
    if (options.form == Form::kJson) {
        fmt::print("{}\n", list.dump(2));
        return static_cast<int>(ExitCode::kSuccess);
    }
    for (auto& entry : list) {  // too long for a line
        entry.erase("file");
        entry.erase("rows");
    }
    fmt::print("{}", table_of(list));
    if (options.what == Listing::kConfigs) {
        fmt::print("in {}\n", config::shipped_config_folder().string());
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
