#include "tests/io/tar_bytes.h"

#include "tests/io/zip_bytes.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace promptcl::io {
namespace {

constexpr std::size_t kBlock = 512;

std::string header_of(const TarEntry& entry) {
    std::string header(kBlock, '\0');
    const auto put = [&](std::size_t at, const std::string& text) {
        header.replace(at, text.size(), text);
    };
    put(0, entry.name);
    put(100, "0000644");
    put(124, fmt::format("{:011o}", entry.announced_size.value_or(entry.data.size())));
    put(136, "00000000000");
    put(148, std::string(8, ' '));  // the checksum counts as spaces
    put(156, entry.name.ends_with('/') ? "5" : "0");
    put(257, std::string("ustar") + '\0' + "00");
    unsigned sum = 0;
    for (const char byte : header)
        sum += static_cast<unsigned char>(byte);
    put(148, fmt::format("{:06o}", sum) + '\0');
    return header;
}

std::string little_endian(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

}  // namespace

std::string tar_bytes(const std::vector<TarEntry>& entries) {
    std::string bytes;
    for (const auto& entry : entries) {
        bytes += header_of(entry) + entry.data;
        bytes.resize((bytes.size() + kBlock - 1) / kBlock * kBlock, '\0');
    }
    return bytes + std::string(2 * kBlock, '\0');
}

std::string gzip_bytes(std::string_view contents) {
    constexpr std::size_t kMost = 0xffff;
    std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
    for (auto rest = contents;;) {
        const auto part = rest.substr(0, kMost);
        rest.remove_prefix(part.size());
        const auto size = static_cast<std::uint32_t>(part.size());
        bytes += rest.empty() ? '\1' : '\0';  // the last block
        bytes += little_endian(size, 2) + little_endian(~size, 2);
        bytes += part;
        if (rest.empty()) break;
    }
    return bytes + little_endian(crc32(contents), 4) +
           little_endian(static_cast<std::uint32_t>(contents.size()), 4);
}

}  // namespace promptcl::io
