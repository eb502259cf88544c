#include "tests/io/read_events.h"

#include "promptcl/io/file.h"

#include <cstdint>
#include <stdexcept>

namespace promptcl::io {
namespace {

std::uint64_t number_at(const std::string& file, std::size_t place, int bytes) {
    std::uint64_t value = 0;
    for (int byte = bytes - 1; byte >= 0; --byte) {
        value = value << 8 | static_cast<unsigned char>(file[place + static_cast<unsigned>(byte)]);
    }
    return value;
}

/// Bit by bit, and masked as the TFRecord format says.
std::uint32_t masked_crc32c(std::string_view bytes) {
    std::uint32_t crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
    }
    crc = ~crc;
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

void expect_checksum(const std::string& file, std::size_t begin, std::size_t size) {
    const auto wanted = masked_crc32c(std::string_view(file).substr(begin, size));
    if (number_at(file, begin + size, 4) != wanted) throw std::runtime_error("wrong checksum");
}

}  // namespace

std::vector<std::string> read_records(const std::string& file) {
    constexpr std::size_t kHead = 12, kTail = 4;
    std::vector<std::string> records;
    for (std::size_t place = 0; place + kHead <= file.size();) {
        expect_checksum(file, place, 8);
        const auto size = number_at(file, place, 8);
        if (place + kHead + size + kTail > file.size()) break;
        expect_checksum(file, place + kHead, size);
        records.push_back(file.substr(place + kHead, size));
        place += kHead + size + kTail;
    }
    return records;
}

std::vector<tensorboard::Event> read_events(const std::filesystem::path& folder) {
    std::vector<tensorboard::Event> events;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!events.empty()) throw std::runtime_error("more than one file");
        for (const auto& record : read_records(read_file(entry.path()))) {
            if (!events.emplace_back().ParseFromString(record)) {
                throw std::runtime_error("not an event");
            }
        }
    }
    return events;
}

}  // namespace promptcl::io
