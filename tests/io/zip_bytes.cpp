#include "tests/io/zip_bytes.h"

#include <utility>

namespace promptcl::io {
namespace {

constexpr std::uint32_t kInZip64Field = 0xffffffff;

std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

/// Version, flags, method, time and date: the fields that both kinds of header share.
std::string common_fields(const ZipEntry& entry) {
    return little_endian(entry.force_zip64 ? 45 : 20, 2) +
           little_endian(entry.streamed ? 1 << 3 : 0, 2) + little_endian(entry.method, 2) +
           little_endian(0, 2) + little_endian(0x21, 2);
}

std::string local_header(const ZipEntry& entry) {
    const std::uint64_t size = entry.streamed ? 0 : entry.size;
    const std::uint64_t compressed = entry.streamed ? 0 : entry.data.size();
    std::string extra;
    if (entry.force_zip64) {
        extra = little_endian(1, 2) + little_endian(16, 2) + little_endian(size, 8) +
                little_endian(compressed, 8);
    }
    return "PK\x03\x04" + common_fields(entry) + little_endian(entry.streamed ? 0 : entry.crc, 4) +
           little_endian(entry.force_zip64 ? kInZip64Field : compressed, 4) +
           little_endian(entry.force_zip64 ? kInZip64Field : size, 4) +
           little_endian(entry.name.size(), 2) + little_endian(extra.size(), 2) + entry.name +
           extra;
}

std::string data_descriptor(const ZipEntry& entry) {
    const int width = entry.force_zip64 ? 8 : 4;
    return "PK\x07\x08" + little_endian(entry.crc, 4) + little_endian(entry.data.size(), width) +
           little_endian(entry.size, width);
}

std::string directory_record(const ZipEntry& entry, std::size_t offset) {
    return "PK\x01\x02" + little_endian(45, 2) + common_fields(entry) +
           little_endian(entry.crc, 4) + little_endian(entry.data.size(), 4) +
           little_endian(entry.size, 4) + little_endian(entry.name.size(), 2) +
           std::string(2 + 2 + 2 + 2 + 4, '\0') + little_endian(offset, 4) + entry.name;
}

}  // namespace

ZipEntry stored(std::string name, std::string contents) {
    const auto crc = crc32(contents);
    const auto size = contents.size();
    return {.name = std::move(name), .data = std::move(contents), .crc = crc, .size = size};
}

std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

std::string zip_bytes(const std::vector<ZipEntry>& entries) {
    std::string file, directory;
    for (const auto& entry : entries) {
        directory += directory_record(entry, file.size());
        file += local_header(entry) + entry.data;
        if (entry.streamed) file += data_descriptor(entry);
    }
    const std::size_t start = file.size();
    return file + directory + "PK\x05\x06" + little_endian(0, 4) +
           little_endian(entries.size(), 2) + little_endian(entries.size(), 2) +
           little_endian(directory.size(), 4) + little_endian(start, 4) + little_endian(0, 2);
}

}  // namespace promptcl::io
