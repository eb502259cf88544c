// Tar archives and gzip files put together byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::io {

struct TarEntry {
    std::string name;  // at most 99 characters; a folder ends in '/'
    std::string data;
    std::optional<std::uint64_t> announced_size = {};  // another than that of the data
};

/// POSIX.1-1988 (ustar), with the two blocks of zeros at its end.
std::string tar_bytes(const std::vector<TarEntry>& entries);

/// RFC 1952, in blocks that are not compressed.
std::string gzip_bytes(std::string_view contents);

}  // namespace promptcl::io
