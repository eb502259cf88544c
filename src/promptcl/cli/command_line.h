// From the words of a command line to a complete, checked command.
#pragma once

#include "promptcl/cli/commands.h"

#include <span>
#include <string>

namespace promptcl::cli {

/// `arguments` are those after the program's name. Configurations are loaded and checked, and the
/// files that are named are there: what comes back can be run. Throws UsageError for a wrong
/// command line or configuration, with the nearest valid word, Error for a file that is missing.
Command parse(std::span<const std::string> arguments);

/// The same for main().
Command parse(int argc, const char* const* argv);

}  // namespace promptcl::cli
