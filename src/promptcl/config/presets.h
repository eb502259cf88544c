// Named sets of values: where the official code, the papers and the PyTorch ports differ.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/config/methods.h"

#include <span>
#include <string_view>
#include <vector>

namespace promptcl::config {

struct PresetInfo {
    std::string_view name, summary;
    std::string_view base;  // the preset whose values lie below its own; empty: none
};

/// What a preset sets for a method and a benchmark: a data set, or "gaussian" for a Gaussian
/// schedule. Empty: for all of them.
struct PresetRow {
    std::string_view preset, method, benchmark;
    std::vector<KeyValue> values;
};

/// All presets, in the order in which they are listed to the user.
std::span<const PresetInfo> presets();
std::vector<std::string_view> preset_names();

/// Of the rows that fit a method and a benchmark, the later ones win. docs/protocol.md has the
/// source of each value.
std::span<const PresetRow> preset_rows();

/// The values of a preset for the method and the benchmark of `config`, in the order in which they
/// are to be set; none when the preset does not know them.
std::vector<KeyValue> preset_values(std::string_view preset, const Config& config);

}  // namespace promptcl::config
