// The CRC-32C checksum (RFC 3720, appendix B.4).
#pragma once

#include <cstdint>
#include <string_view>

namespace promptcl::io {

/// "123456789" has 0xe3069283.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace promptcl::io
