// Any bytes are an IDX array with the elements of its shape, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/idx.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        promptcl::io::expect_whole(
            promptcl::io::read_idx({reinterpret_cast<const char*>(data), size}, "fuzz.idx"));
    } catch (const promptcl::Error&) {
    }
    return 0;
}
