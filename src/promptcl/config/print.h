// A configuration as text for people: TOML, differences, the manual of its keys.
#pragma once

#include "promptcl/config/config.h"

#include <string>
#include <vector>

namespace promptcl::config {

/// The effective configuration as TOML, each key with its help; load_config reads back an equal
/// one.
std::string to_toml(const Config& config);

/// A key whose values differ, both in TOML syntax.
struct Difference {
    std::string key, left, right;
};
std::vector<Difference> differences(const Config& left, const Config& right);

/// A key as it is listed to the user, with its value in TOML syntax.
struct KeyInfo {
    std::string key, value, help;
    std::vector<std::string> choices;  // empty: any value
};
/// Every key, with the values of `config`.
std::vector<KeyInfo> key_infos(const Config& config = {});

/// docs/configuration.md: how a configuration is put together, all keys, what the methods change.
std::string keys_markdown();

}  // namespace promptcl::config
