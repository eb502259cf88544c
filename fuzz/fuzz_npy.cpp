// Any bytes are a .npy array that survives being written again, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/npy.h"

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto array = promptcl::io::read_npy(std::as_bytes(std::span(data, size)), "fuzz.npy");
        const auto again = promptcl::io::read_npy(promptcl::io::write_npy(array), "again.npy");
        promptcl::require(again == array, "an array survives being written and read");
        array.as_float();
    } catch (const promptcl::Error&) {
    }
    return 0;
}
