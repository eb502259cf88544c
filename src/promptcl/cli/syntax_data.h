// The words of `promptcl data list`, `promptcl data fetch` and `promptcl data check`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_data_list(CLI::App& app, Words& words);
Command finish_data_list(const Words& words);

void declare_data_fetch(CLI::App& app, Words& words);
Command finish_data_fetch(const Words& words);

void declare_data_check(CLI::App& app, Words& words);
Command finish_data_check(const Words& words);

}  // namespace promptcl::cli
