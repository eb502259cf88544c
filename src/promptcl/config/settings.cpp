#include "promptcl/config/settings.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <system_error>
#include <toml++/toml.h>

namespace promptcl::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWhereConfigsAre = "run `promptcl list configs` for the ones there are";

/// Dates have no place in a configuration: they become their text, and the key's type check refuses
/// them. So it does with a table inside an array, an object.
nlohmann::json to_json(const toml::node& node) {
    if (const auto* value = node.as_boolean()) return value->get();
    if (const auto* value = node.as_integer()) return value->get();
    if (const auto* value = node.as_floating_point()) return value->get();
    if (const auto* value = node.as_string()) return value->get();
    if (const auto* values = node.as_array()) {
        auto array = nlohmann::json::array();
        for (const auto& value : *values)
            array.push_back(to_json(value));
        return array;
    }
    if (const auto* members = node.as_table()) {
        auto object = nlohmann::json::object();
        for (const auto& [name, value] : *members)
            object[std::string(name.str())] = to_json(value);
        return object;
    }
    std::ostringstream text;
    node.visit([&](const auto& value) { text << value; });
    return text.str();
}

toml::table parse_table(const std::string& text, const fs::path& file) {
    try {
        return toml::parse(text, file.string());
    } catch (const toml::parse_error& problem) {
        throw UsageError(fmt::format("{} is not TOML: line {}: {}", file.string(),
                                     problem.source().begin.line, problem.description()),
                         "correct that line");
    }
}

void collect(const toml::table& table, const std::string& prefix, const fs::path& file,
             std::vector<Setting>& found) {
    for (const auto& [name, node] : table) {
        std::string key = prefix + std::string(name.str());
        if (const auto* group = node.as_table()) {
            collect(*group, key + ".", file, found);
        } else {
            found.push_back(
                {std::move(key), to_json(node),
                 fmt::format("in {} (line {})", file.string(), node.source().begin.line)});
        }
    }
}

void read_with_bases(const fs::path& file, std::vector<fs::path>& readers,
                     std::vector<Setting>& found) {
    const fs::path identity = fs::weakly_canonical(file);
    if (std::ranges::find(readers, identity) != readers.end()) {
        throw UsageError(fmt::format("{} includes itself through `base`", file.string()),
                         "remove that line");
    }
    readers.push_back(identity);
    toml::table table = parse_table(read_text_file(file), file);
    if (const auto* base = table.get("base")) {
        const auto name = base->value_exact<std::string>();
        if (!name) {
            throw UsageError(fmt::format("base in {} must be the name of a file", file.string()),
                             "write base = \"other.toml\"");
        }
        read_with_bases(file.parent_path() / *name, readers, found);
        table.erase("base");
    }
    std::vector<Setting> own;
    collect(table, "", file, own);
    append_layer(found, std::move(own));
    readers.pop_back();
}

std::optional<nlohmann::json> parse_toml_value(std::string_view text) {
    try {
        const auto table = toml::parse(fmt::format("value = {}", text));
        if (table.size() != 1 || table.begin()->second.is_table()) return std::nullopt;
        return to_json(table.begin()->second);
    } catch (const toml::parse_error&) {
        return std::nullopt;
    }
}

}  // namespace

Override parse_override(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw UsageError(fmt::format("\"{}\" is not of the form KEY=VALUE", text),
                         "write for instance num_epochs=3");
    }
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

Setting setting_of(const Override& change) {
    Setting setting{change.key, nullptr, "on the command line", change.value};
    if (change.value == "None") return setting;
    if (change.value == "True" || change.value == "False") {
        setting.value = change.value == "True";
        return setting;
    }
    std::string text = change.value;
    if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
        text = fmt::format("[{}]", text.substr(1, text.size() - 2));
    }
    setting.value = parse_toml_value(text).value_or(change.value);
    return setting;
}

void append_layer(std::vector<Setting>& settings, std::vector<Setting> layer) {
    std::ranges::stable_partition(layer,
                                  [](const Setting& setting) { return setting.key == kPresetKey; });
    std::ranges::move(layer, std::back_inserter(settings));
}

std::string read_text_file(const fs::path& file) {
    std::error_code failure;
    if (!fs::exists(file, failure)) {
        throw Error(fmt::format("cannot read {}: no such file", file.string()), kWhereConfigsAre);
    }
    if (fs::is_directory(file, failure)) {
        throw Error(fmt::format("cannot read {}: it is a folder", file.string()), kWhereConfigsAre);
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
        throw Error(fmt::format("cannot read {}", file.string()), "check that you may read it");
    }
    return text.str();
}

std::vector<Setting> read_toml_file(const fs::path& file) {
    std::vector<fs::path> readers;
    std::vector<Setting> found;
    read_with_bases(file, readers, found);
    return found;
}

}  // namespace promptcl::config
