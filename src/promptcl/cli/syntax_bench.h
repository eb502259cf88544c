// The words of `promptcl bench`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_bench(CLI::App& app, Words& words);
Command finish_bench(const Words& words);

}  // namespace promptcl::cli
