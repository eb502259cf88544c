// Zip archives put together byte for byte.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace promptcl::io {

struct ZipEntry {
    std::string name;
    std::string data;          // as it lies in the archive
    std::uint32_t crc = 0;     // of the uncompressed data
    std::uint64_t size = 0;    // uncompressed
    std::uint16_t method = 0;  // 0 stored, 8 deflated
    bool force_zip64 = false;  // sizes in an extra field, as numpy.savez writes them
    bool streamed = false;     // CRC and sizes behind the data, as on a pipe
};

/// A stored entry of these contents.
ZipEntry stored(std::string name, std::string contents);

/// CRC-32 of IEEE 802.3, bit by bit.
std::uint32_t crc32(std::string_view bytes);

std::string zip_bytes(const std::vector<ZipEntry>& entries);

inline std::span<const std::byte> as_span(std::string_view text) {
    return std::as_bytes(std::span(text));
}

}  // namespace promptcl::io
