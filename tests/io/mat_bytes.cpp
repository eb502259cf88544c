#include "tests/io/mat_bytes.h"

#include <fmt/format.h>

namespace promptcl::io {
namespace {

constexpr std::uint32_t kInt8 = 1, kUint8 = 2, kInt32 = 5, kUint32 = 6, kMatrix = 14,
                        kCompressed = 15;
constexpr std::uint32_t kDoubleClass = 6, kUint8Class = 9;

std::string little_endian(std::uint32_t value, int bytes = 4) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

/// A tag and its data, padded to eight bytes; at most four bytes of data lie in the tag.
std::string element(std::uint32_t type, std::string data) {
    const auto size = static_cast<std::uint32_t>(data.size());
    if (size <= 4) {
        data.resize(4, '\0');
        return little_endian(type, 2) + little_endian(size, 2) + data;
    }
    data.resize((data.size() + 7) / 8 * 8, '\0');
    return little_endian(type) + little_endian(size) + data;
}

std::string variable(std::uint32_t class_type, const std::string& name,
                     const std::vector<std::int32_t>& shape, const std::string& elements) {
    std::string dimensions;
    for (const auto extent : shape)
        dimensions += little_endian(static_cast<std::uint32_t>(extent));
    const std::string flags = little_endian(class_type) + little_endian(0);
    const std::string body = element(kUint32, flags) + element(kInt32, dimensions) +
                             element(kInt8, name) + element(kUint8, elements);
    return little_endian(kMatrix) + little_endian(static_cast<std::uint32_t>(body.size())) + body;
}

std::uint32_t adler32(const std::string& bytes) {
    std::uint32_t low = 1, high = 0;
    for (const char byte : bytes) {
        low = (low + static_cast<unsigned char>(byte)) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

}  // namespace

std::string mat_bytes_variable(const std::string& name, const std::vector<std::int32_t>& shape,
                               const std::string& elements) {
    return variable(kUint8Class, name, shape, elements);
}

std::string mat_double_variable(const std::string& name, const std::vector<std::int32_t>& shape,
                                const std::string& elements) {
    return variable(kDoubleClass, name, shape, elements);
}

std::string mat_compressed(const std::string& plain) {
    constexpr std::size_t kMost = 0xffff;
    std::string stream = "\x78\x01";
    for (std::size_t at = 0; at < plain.size(); at += kMost) {
        const auto part = plain.substr(at, kMost);
        const auto size = static_cast<std::uint32_t>(part.size());
        stream += at + kMost >= plain.size() ? '\1' : '\0';  // the last block
        stream += little_endian(size, 2) + little_endian(~size, 2) + part;
    }
    const auto sum = adler32(plain);
    for (const int shift : {24, 16, 8, 0})
        stream += static_cast<char>(sum >> shift & 0xff);
    return little_endian(kCompressed) + little_endian(static_cast<std::uint32_t>(stream.size())) +
           stream;
}

std::string mat_file(const std::vector<std::string>& variables) {
    std::string bytes = fmt::format("{:<124}", "MATLAB 5.0 MAT-file, Platform: GLNXA64");
    bytes += little_endian(0x0100, 2) + "IM";
    for (const auto& each : variables)
        bytes += each;
    return bytes;
}

}  // namespace promptcl::io
