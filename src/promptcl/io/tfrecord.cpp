#include "promptcl/io/tfrecord.h"

#include "promptcl/io/crc32c.h"

#include <bit>
#include <cstdint>

namespace promptcl::io {
namespace {

std::string little_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int byte = 0; byte < bytes; ++byte)
        text += static_cast<char>(value >> (8 * byte) & 0xff);
    return text;
}

std::uint64_t number_of(std::string_view little_endian_bytes) {
    std::uint64_t number = 0;
    for (std::size_t byte = little_endian_bytes.size(); byte-- > 0;)
        number = number << 8 | static_cast<unsigned char>(little_endian_bytes[byte]);
    return number;
}

/// Rotated and shifted, so that the checksum of data that hold checksums stays a good one.
std::string masked_checksum(std::string_view bytes) {
    return little_endian(std::rotr(crc32c(bytes), 15) + 0xa282ead8U, 4);
}

}  // namespace

std::string frame_record(std::string_view data) {
    auto record = little_endian(data.size(), 8);
    record += masked_checksum(record);
    record += data;
    return record + masked_checksum(data);
}

Records parse_records(std::string_view file) {
    constexpr std::size_t kLength = 8, kChecksum = 4;
    Records records;
    while (file.size() >= kLength + kChecksum) {
        const auto length = file.substr(0, kLength);
        const std::uint64_t size = number_of(length);
        if (file.substr(kLength, kChecksum) != masked_checksum(length)) {
            records.damaged = true;
            break;
        }
        file.remove_prefix(kLength + kChecksum);
        if (file.size() < kChecksum || size > file.size() - kChecksum) break;
        const auto data = file.substr(0, size);
        if (file.substr(size, kChecksum) != masked_checksum(data)) {
            records.damaged = true;
            break;
        }
        records.data.push_back(data);
        file.remove_prefix(size + kChecksum);
    }
    return records;
}

}  // namespace promptcl::io
