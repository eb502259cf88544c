// The words of `promptcl learn`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_learn(CLI::App& app, Words& words);
Command finish_learn(const Words& words);

}  // namespace promptcl::cli
