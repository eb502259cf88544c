// A text line by line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace promptcl::io {

/// The lines of a text, empty ones too, without their ends (LF or CRLF).
std::vector<std::string> lines_of(std::string_view text);

}  // namespace promptcl::io
