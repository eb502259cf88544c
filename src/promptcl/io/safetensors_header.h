// The JSON header of a safetensors file.
#pragma once

#include "promptcl/io/array.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::io {

using Metadata = std::map<std::string, std::string>;

/// Where an array lies: bytes [begin, end) of the data behind the header.
struct SafeTensorsEntry {
    std::string name;
    ArrayInfo info;
    std::int64_t begin, end;
};

struct SafeTensorsLayout {
    std::vector<SafeTensorsEntry> entries;  // in the order of their data
    Metadata metadata;
};

/// Accepts only a header whose arrays cover the `data_size` bytes behind it without gap or overlap,
/// each with the bytes of its shape, and that names nothing twice. An Error begins with
/// "cannot read NAME".
SafeTensorsLayout parse_safetensors_header(std::string_view json, std::int64_t data_size,
                                           const std::string& name);

/// The header with its length field, padded with spaces so that the data start at a multiple of 8.
std::string format_safetensors_header(const SafeTensorsLayout& layout);

}  // namespace promptcl::io
