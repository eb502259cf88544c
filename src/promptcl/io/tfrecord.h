// TensorFlow's framing of records in a file:
// https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace promptcl::io {

/// Length (8 bytes, little-endian), masked CRC-32C of these bytes, `data`, masked CRC-32C of it.
std::string frame_record(std::string_view data);

/// What a file of records holds, in its order.
struct Records {
    std::vector<std::string_view> data;  // into the file
    bool damaged = false;                // a checksum is wrong: nothing behind it was read
};

/// The whole records of a file; a last one that is cut off, as a killed process leaves it, is left
/// out.
Records parse_records(std::string_view file);

}  // namespace promptcl::io
