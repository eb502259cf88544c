// A table file: which configurations, changed how, with which seeds, make one table of results.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/config/settings.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::config {

/// One row: a configuration with settings over it.
struct RowSpec {
    std::string label;   // what the table calls it
    std::string config;  // a file, or the name of a shipped configuration
    std::vector<Setting> settings;
};

struct TableSpec {
    std::string title;
    std::vector<std::int64_t> seeds;  // empty: the one of each configuration
    std::vector<Setting> settings;    // of all rows, below the row's own
    std::vector<RowSpec> rows;
};

/// Reads a table file (docs/formats.md), found by find_table. A configuration is looked for beside
/// it first. Throws Error, or UsageError naming the file and the key.
TableSpec read_table_file(const std::filesystem::path& file);

/// "CONFIG,KEY=VALUE,KEY=VALUE" of a command line; a comma inside a value is one of it unless KEY=
/// follows.
RowSpec parse_row(const std::string& text);

/// "KEY=VALUE".
std::string text_of(const Setting& setting);

/// What tells the row from all others: the name of its configuration and its own settings,
/// "cifar100_er-continual.replay.num_samples_per_class=50". Fit for the name of a folder.
std::string name_of(const RowSpec& row);

}  // namespace promptcl::config
