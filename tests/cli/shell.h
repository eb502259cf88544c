// The built program, as a user runs it from a shell.
#pragma once

#include "tests/support/shell.h"

#include <string>

namespace promptcl::cli {

inline Outcome promptcl(const std::string& arguments) {
    return shell(std::string(PROMPTCL_PROGRAM) + " " + arguments);
}

}  // namespace promptcl::cli
