// Any bytes behind a data size are a valid safetensors header that survives being written again, or
// an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/safetensors_header.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::int64_t data_size = data[0];
    const std::string_view json(reinterpret_cast<const char*>(data + 1), size - 1);
    try {
        const auto layout = promptcl::io::parse_safetensors_header(json, data_size, "fuzz");
        const auto written = promptcl::io::format_safetensors_header(layout);
        const auto again =
            promptcl::io::parse_safetensors_header(written.substr(8), data_size, "again");
        promptcl::require(again.entries.size() == layout.entries.size(), "no array is lost");
    } catch (const promptcl::Error&) {
    }
    return 0;
}
