#include "promptcl/config/print.h"

#include "promptcl/config/choices.h"
#include "promptcl/config/fields.h"
#include "promptcl/config/locate.h"
#include "promptcl/config/methods.h"
#include "promptcl/config/original_keys.h"
#include "promptcl/config/presets.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace promptcl::config {
namespace {

std::string in_toml(bool value) {
    return value ? "true" : "false";
}

std::string in_toml(std::int64_t value) {
    return fmt::format("{}", value);
}

/// The shortest text that reads back as the same double, marked as one.
std::string in_toml(double value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".enf") == std::string::npos ? text + ".0" : text;
}

/// A basic string. Its escapes are those of JSON, but TOML wants DEL escaped too.
std::string in_toml(const std::string& value) {
    std::string text = nlohmann::json(value).dump();
    for (auto at = text.find('\x7f'); at != std::string::npos; at = text.find('\x7f', at)) {
        text.replace(at, 1, "\\u007f");
    }
    return text;
}

template <class Element>
std::string in_toml(const std::vector<Element>& values) {
    std::vector<std::string> texts;
    for (const auto& value : values)
        texts.push_back(in_toml(value));
    return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string group_of(std::string_view key) {
    const auto dot = key.rfind('.');
    return std::string(dot == std::string_view::npos ? "" : key.substr(0, dot));
}

/// Keys by group, the groups in the order of their first key.
std::vector<std::pair<std::string, std::vector<KeyInfo>>> grouped(std::vector<KeyInfo> infos) {
    std::vector<std::pair<std::string, std::vector<KeyInfo>>> groups;
    for (auto& info : infos) {
        const std::string name = group_of(info.key);
        auto group = std::ranges::find(groups, name, [](const auto& entry) { return entry.first; });
        if (group == groups.end()) group = groups.insert(groups.end(), {name, {}});
        group->second.push_back(std::move(info));
    }
    return groups;
}

std::string meaning(const KeyInfo& info) {
    if (info.choices.empty()) return info.help;
    return fmt::format("{} ({})", info.help, fmt::join(info.choices, ", "));
}

constexpr std::string_view kIntroduction = R"(# Configuration

This page is written by `promptcl list keys --markdown`.

A configuration is a TOML file; nested tables are dotted keys. It is put together from these layers,
each over the one before:

1. the defaults below;
2. the defaults of the method (Defaults of the methods);
3. the file that `base = "other.toml"` names, relative to the file that says so;
4. the file itself: `--config FILE`, or the original's `--my_config FILE`. A bare name such as
   `cifar100_l2p` finds the shipped file of that name (`promptcl list configs`). A Python file of the
   original is read as it is: over the preset `official`, nothing in it is run;
5. the command line: `--set KEY=VALUE`, or the original's `--my_config.KEY=VALUE`. Values are TOML,
   bare words, or Python's `True`, `False`, `None` and `(0, 1)`.

`preset = "official"`, `"published"`, `"paper"` or `"pytorch-port"`, in a file or on the command line, sets what its row under Presets
says, over every layer below and under the other keys of the place that names it: what you set beside it wins.
`cifar100_l2p@paper` is the file `cifar100_l2p` with a preset over it. A run folder keeps the values, never the name.

Relative paths in `init_checkpoint` and `data_dir` start from the folder in which the program is run.
`promptcl inspect FILE` prints the effective configuration of a file and what is wrong with it,
`promptcl inspect --diff A B` where two differ.
)";

std::string values_text(const std::vector<KeyValue>& values) {
    std::vector<std::string> texts;
    for (const auto& [key, value] : values)
        texts.push_back(fmt::format("`{} = {}`", key, value));
    return texts.empty() ? "those above" : fmt::format("{}", fmt::join(texts, ", "));
}

std::string methods_markdown() {
    std::string text =
        "\n## Defaults of the methods\n\n| method | what it is | its defaults |\n"
        "| --- | --- | --- |\n";
    for (const auto& method : methods()) {
        text += fmt::format("| `{}` | {} | {} |\n", method.name, method.summary,
                            values_text(method.defaults));
    }
    return text;
}

std::string presets_markdown() {
    std::string text =
        "\n## Presets\n\nRows further down win; `published` lies over `official`. The sources "
        "stand in protocol.md, section 8.\n\n"
        "| preset | method | data | its values |\n| --- | --- | --- | --- |\n";
    const auto or_any = [](std::string_view name) { return name.empty() ? "any" : name; };
    for (const auto& row : preset_rows()) {
        text += fmt::format("| `{}` | {} | {} | {} |\n", row.preset, or_any(row.method),
                            or_any(row.benchmark), values_text(row.values));
    }
    return text;
}

}  // namespace

std::string to_toml(const Config& config) {
    constexpr std::size_t kWidestPadding = 40;
    std::string text =
        "# A configuration of promptcl, complete; docs/configuration.md explains it.\n";
    for (const auto& [group, infos] : grouped(key_infos(config))) {
        if (!group.empty()) text += fmt::format("\n[{}]\n", group);
        const std::size_t start = group.empty() ? 0 : group.size() + 1;
        std::size_t width = 0;
        for (const auto& info : infos) {
            const std::size_t length = info.key.size() - start + 3 + info.value.size();
            width = std::max(width, std::min(length, kWidestPadding));
        }
        for (const auto& info : infos) {
            const auto line = fmt::format("{} = {}", info.key.substr(start), info.value);
            text += fmt::format("{:<{}}  # {}\n", line, width, meaning(info));
        }
    }
    return text;
}

std::vector<Difference> differences(const Config& left, const Config& right) {
    const auto lefts = key_infos(left);
    const auto rights = key_infos(right);
    std::vector<Difference> found;
    for (std::size_t i = 0; i < lefts.size(); ++i) {
        if (lefts[i].value == rights[i].value) continue;
        found.push_back({lefts[i].key, lefts[i].value, rights[i].value});
    }
    return found;
}

std::vector<KeyInfo> key_infos(const Config& config) {
    std::vector<KeyInfo> infos;
    Config::visit(config, [&](std::string_view key, const auto& member, std::string_view help) {
        const auto valid = choices(key);
        infos.push_back({std::string(key), in_toml(member), std::string(help),
                         std::vector<std::string>(valid.begin(), valid.end())});
    });
    return infos;
}

std::string keys_markdown() {
    std::string text(kIntroduction);
    text += "\n## Shipped configurations\n\n| file | what it is |\n| --- | --- |\n";
    for (const auto& config : shipped_configs()) {
        text += fmt::format("| `configs/{}.toml` | {} |\n", config.name, config.summary);
    }
    for (const auto& [group, infos] : grouped(key_infos())) {
        text += group.empty() ? "\n## Keys\n" : fmt::format("\n## Table `{}`\n", group);
        text += "\n| key | default | meaning |\n| --- | --- | --- |\n";
        for (const auto& info : infos) {
            text += fmt::format("| `{}` | `{}` | {} |\n", info.key, info.value, meaning(info));
        }
    }
    return text + methods_markdown() + presets_markdown() + original_keys_markdown();
}

}  // namespace promptcl::config
