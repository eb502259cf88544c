// IDX files put together byte for byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::io {

inline std::string idx_bytes(const std::vector<std::uint32_t>& shape, const std::string& elements,
                             char type = 8) {
    std::string bytes = {'\0', '\0', type, static_cast<char>(shape.size())};
    for (const auto extent : shape) {
        for (const int shift : {24, 16, 8, 0})
            bytes += static_cast<char>(extent >> shift & 0xff);
    }
    return bytes + elements;
}

}  // namespace promptcl::io
