// The keys of the original that are none here: those that do nothing, those that have one value.
#pragma once

#include "promptcl/config/settings.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::config {

/// A key that google-research/l2p sets or reads. All its other keys are keys of Config.
struct OriginalKey {
    std::string_view key;
    std::vector<std::string_view> values;  // JSON of those it may have; empty: any, it does nothing
    std::string_view reason;
};

std::span<const OriginalKey> original_keys();

/// Whether the setting is of such a key, and may be passed over. Throws UsageError when its value
/// asks for something that is not there.
bool is_original_key(const Setting& setting);

/// What the user is told of the keys among the settings that do nothing; empty when there are none.
std::string note_on_original_keys(std::span<const Setting> settings);

/// "## Keys of the original that do nothing here": a table for docs/configuration.md.
std::string original_keys_markdown();

}  // namespace promptcl::config
