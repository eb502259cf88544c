// The words of `promptcl report`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_report(CLI::App& app, Words& words);
Command finish_report(const Words& words);

}  // namespace promptcl::cli
