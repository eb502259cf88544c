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

}  // namespace promptcl::io
