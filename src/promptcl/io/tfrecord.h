// TensorFlow's framing of records in a file:
// https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
#pragma once

#include <string>
#include <string_view>

namespace promptcl::io {

/// Length (8 bytes, little-endian), masked CRC-32C of these bytes, `data`, masked CRC-32C of it.
std::string frame_record(std::string_view data);

}  // namespace promptcl::io
