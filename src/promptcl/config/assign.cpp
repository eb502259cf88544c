#include "promptcl/config/assign.h"

#include "promptcl/config/choices.h"
#include "promptcl/config/fields.h"
#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <type_traits>
#include <utility>

namespace promptcl::config {
namespace {

using Json = nlohmann::json;

/// What Python's None stands for where a key is a number: as in the original, switched off.
struct None {
    std::string_view key;
    double value;
};
constexpr std::array kNone = {None{"grad_clip_max_norm", 0},
                              None{"augment.randaugment_prob_to_apply", 1},
                              None{"augment.randaugment_magnitude", -1},
                              None{"augment.randaugment_num_levels", 0},
                              None{"augment.randaugment_magstd", 0},
                              None{"mix.mixup_alpha", 0},
                              None{"mix.cutmix_alpha", 0}};

/// Whether the setting is None, for a number that has a value for it.
template <class Number>
bool convert_none(const Setting& setting, Number& member) {
    const auto found = std::ranges::find(kNone, setting.key, &None::key);
    if (!setting.value.is_null() || found == kNone.end()) return false;
    member = static_cast<Number>(found->value);
    return true;
}

/// Converts the value into the member; false when it is of another type.
bool convert(const Setting& setting, bool& member) {
    if (!setting.value.is_boolean()) return false;
    member = setting.value.get<bool>();
    return true;
}

bool convert(const Setting& setting, std::int64_t& member) {
    if (convert_none(setting, member)) return true;
    if (!setting.value.is_number_integer()) return false;
    member = setting.value.get<std::int64_t>();
    return true;
}

/// Python writes ".5" and "5.", which TOML does not know.
bool convert(const Setting& setting, double& member) {
    if (convert_none(setting, member)) return true;
    if (setting.value.is_number()) {
        member = setting.value.get<double>();
        return true;
    }
    const char* end = setting.text.data() + setting.text.size();
    const auto [stop, failure] = std::from_chars(setting.text.data(), end, member);
    return !setting.text.empty() && failure == std::errc() && stop == end;
}

/// What is typed for a word is the word, even when it looks like a number; None empties it.
bool convert(const Setting& setting, std::string& member) {
    if (setting.value.is_string()) {
        member = setting.value.get<std::string>();
        return true;
    }
    if (setting.value.is_null()) member.clear();
    if (!setting.value.is_null()) member = setting.text;
    return setting.value.is_null() || !setting.text.empty();
}

bool is_of(const Json& value, double) {
    return value.is_number();
}
bool is_of(const Json& value, std::int64_t) {
    return value.is_number_integer();
}
bool is_of(const Json& value, const std::string&) {
    return value.is_string();
}

template <class Element>
bool convert(const Setting& setting, std::vector<Element>& member) {
    if (!setting.value.is_array() && !setting.value.is_null()) return false;
    std::vector<Element> elements;
    for (const auto& value : setting.value) {
        if (!is_of(value, Element())) return false;
        elements.push_back(value.get<Element>());
    }
    member = std::move(elements);
    return true;
}

std::string_view wanted(bool) {
    return "true or false";
}
std::string_view wanted(std::int64_t) {
    return "a whole number";
}
std::string_view wanted(double) {
    return "a number";
}
std::string_view wanted(const std::string&) {
    return "a text";
}
std::string_view wanted(const std::vector<std::int64_t>&) {
    return "a list of whole numbers such as [0, 1]";
}
std::string_view wanted(const std::vector<double>&) {
    return "a list of numbers such as [0.5, 0.5, 0.5]";
}
std::string_view wanted(const std::vector<std::string>&) {
    return "a list of texts such as [\"encoder\", \"cls\"]";
}

/// TOML and JSON, which a run's configuration is kept in, hold nothing else.
void require_utf8(const Setting& setting, const std::string& member) {
    try {
        static_cast<void>(Json(member).dump());
    } catch (const Json::type_error&) {
        throw UsageError(
            fmt::format("the value of {} is not UTF-8 ({})", setting.key, setting.place),
            "give a name in UTF-8");
    }
}

template <class Member>
void assign_member(const Setting& setting, Member& member) {
    if (!convert(setting, member)) {
        const std::string shown = setting.text.empty() ? setting.value.dump() : setting.text;
        throw UsageError(fmt::format("{} cannot be {} ({})", setting.key, shown, setting.place),
                         fmt::format("give {}", wanted(member)));
    }
    if constexpr (std::is_same_v<Member, std::string>) {
        require_utf8(setting, member);
        if (setting.key == "dataset" && member == "5datasets") member = "five_datasets";
        if (const auto problem = choice_problem(setting.key, member)) {
            throw UsageError(fmt::format("{} ({})", *problem, setting.place));
        }
    }
}

[[noreturn]] void refuse_key(const Setting& setting) {
    const std::string prefix = setting.key + ".";
    for (const auto key : keys()) {
        if (!key.starts_with(prefix)) continue;
        throw UsageError(fmt::format("{} {} is a group of keys", setting.key, setting.place),
                         fmt::format("set its keys one by one, for instance {}", key));
    }
    const std::string suggestion = did_you_mean(setting.key, keys());
    throw UsageError(
        fmt::format("unknown key \"{}\" {}", setting.key, setting.place),
        suggestion.empty() ? "run `promptcl list keys` for the keys there are" : suggestion);
}

}  // namespace

const std::vector<std::string_view>& keys() {
    static const auto all = [] {
        std::vector<std::string_view> names;
        const Config config;
        Config::visit(config, [&](std::string_view key, const auto&, std::string_view) {
            names.push_back(key);
        });
        return names;
    }();
    return all;
}

void assign(Config& config, const Setting& setting) {
    bool found = false;
    Config::visit(config, [&](std::string_view key, auto& member, std::string_view) {
        if (key != setting.key) return;
        found = true;
        assign_member(setting, member);
    });
    if (!found) refuse_key(setting);
}

}  // namespace promptcl::config
