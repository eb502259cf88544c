// What main() tells the user of a failure.
#pragma once

#include <exception>

namespace promptcl::cli {

/// Prints `promptcl: SENTENCE` to standard error and returns the exit code (core/error.h).
int report_failure(const std::exception& failure);

/// Throws Error when what was printed to standard output did not arrive, as on a full disk.
void finish_output();

}  // namespace promptcl::cli
