// Bytes as text.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace promptcl::io {

/// RFC 4648, section 4, on one line.
std::string base64(std::span<const std::byte> bytes);

}  // namespace promptcl::io
