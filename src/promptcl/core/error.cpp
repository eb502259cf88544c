#include "promptcl/core/error.h"

#include <fmt/format.h>

namespace promptcl {

Error::Error(const std::string& what, std::string_view hint)
    : std::runtime_error(hint.empty() ? what : fmt::format("{}; {}", what, hint)) {}

void require(bool holds, std::string_view rule, const char* file, int line) {
    if (!holds) throw Bug(fmt::format("rule broken: {} ({}:{})", rule, file, line));
}

}  // namespace promptcl
