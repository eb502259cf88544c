// The words of `promptcl table`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_table(CLI::App& app, Words& words);
Command finish_table(const Words& words);

}  // namespace promptcl::cli
