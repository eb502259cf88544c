// The words of `promptcl serve`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_serve(CLI::App& app, Words& words);
Command finish_serve(const Words& words);

}  // namespace promptcl::cli
