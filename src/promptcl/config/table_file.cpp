#include "promptcl/config/table_file.h"

#include "promptcl/config/locate.h"
#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fmt/format.h>
#include <regex>
#include <system_error>

namespace promptcl::config {
namespace {

namespace fs = std::filesystem;

std::string text_value(const Setting& setting) {
    if (setting.value.is_string()) return setting.value;
    throw UsageError(fmt::format("{} {} must be a text", setting.key, setting.place),
                     "put it in quotes");
}

std::vector<std::int64_t> seeds_of(const Setting& setting) {
    const bool seeds =
        setting.value.is_array() && std::ranges::all_of(setting.value, [](const auto& seed) {
            return seed.is_number_integer() && seed.template get<std::int64_t>() >= 0;
        });
    if (seeds) return setting.value;
    throw UsageError(
        fmt::format("{} {} must be a list of whole numbers", setting.key, setting.place),
        "write for instance seeds = [42, 43, 44]");
}

[[noreturn]] void refuse_key(const std::string& key, const std::string& place,
                             const std::vector<std::string_view>& known) {
    const std::string suggestion = did_you_mean(key, known);
    throw UsageError(
        fmt::format("{} {} is no part of a table file", key, place),
        suggestion.empty() ? fmt::format("there are {}", fmt::join(known, ", ")) : suggestion);
}

/// The members of nested objects under their dotted keys.
void flatten(const nlohmann::json& object, const std::string& prefix, const std::string& place,
             std::vector<Setting>& found) {
    for (const auto& [name, value] : object.items()) {
        if (value.is_object()) {
            flatten(value, prefix + name + ".", place, found);
        } else {
            found.push_back({prefix + name, value, place});
        }
    }
}

/// The file beside the table file, if there is one.
std::string beside(const fs::path& table, const std::string& config) {
    std::error_code failure;
    const fs::path file = table.parent_path() / config;
    return fs::is_regular_file(file, failure) ? file.string() : config;
}

RowSpec row_of(const nlohmann::json& object, const fs::path& file, const std::string& place) {
    RowSpec row;
    std::vector<Setting> members;
    if (object.is_object()) flatten(object, "", place, members);
    for (Setting& member : members) {
        if (member.key == "config") {
            row.config = beside(file, text_value(member));
        } else if (member.key == "label") {
            row.label = text_value(member);
        } else if (member.key.starts_with("set.")) {
            member.key.erase(0, 4);
            row.settings.push_back(std::move(member));
        } else {
            refuse_key(member.key, place, {"config", "label", "set"});
        }
    }
    if (row.config.empty()) {
        throw UsageError(fmt::format("a row {} has no config", place),
                         "write config = \"NAME\" below [[row]]");
    }
    if (row.label.empty()) row.label = name_of(row);
    return row;
}

}  // namespace

TableSpec read_table_file(const fs::path& given) {
    const fs::path file = find_table(given);
    TableSpec table;
    for (Setting& setting : read_toml_file(file)) {
        if (setting.key == "title") {
            table.title = text_value(setting);
        } else if (setting.key == "seeds") {
            table.seeds = seeds_of(setting);
        } else if (setting.key.starts_with("set.")) {
            setting.key.erase(0, 4);
            table.settings.push_back(std::move(setting));
        } else if (setting.key == "row" && setting.value.is_array()) {
            for (std::size_t i = 0; i < setting.value.size(); ++i) {
                table.rows.push_back(row_of(setting.value[i], file,
                                            fmt::format("in {} (row {})", file.string(), i + 1)));
            }
        } else {
            refuse_key(setting.key, setting.place, {"title", "seeds", "set", "[[row]]"});
        }
    }
    if (table.rows.empty()) {
        throw UsageError(fmt::format("{} has no rows", file.string()),
                         "write [[row]] and below it config = \"NAME\" for each");
    }
    return table;
}

RowSpec parse_row(const std::string& text) {
    static const std::regex next_change(",(?=[A-Za-z_][A-Za-z0-9_.]*=)");
    const std::vector<std::string> parts(
        std::sregex_token_iterator(text.begin(), text.end(), next_change, -1), {});
    RowSpec row{.label = {}, .config = parts.front(), .settings = {}};
    for (std::size_t i = 1; i < parts.size(); ++i)
        row.settings.push_back(setting_of(parse_override(parts[i])));
    row.label = name_of(row);
    return row;
}

std::string text_of(const Setting& setting) {
    const nlohmann::json& value = setting.value;
    return fmt::format("{}={}", setting.key,
                       value.is_string() ? value.get<std::string>() : value.dump());
}

std::string name_of(const RowSpec& row) {
    std::string name = fs::path(row.config).stem().string();
    for (const Setting& setting : row.settings) {
        name += "-" + text_of(setting);
    }
    std::ranges::replace_if(
        name, [](unsigned char c) { return std::isalnum(c) == 0 && !std::strchr("._-=+,", c); },
        '_');
    return name;
}

}  // namespace promptcl::config
