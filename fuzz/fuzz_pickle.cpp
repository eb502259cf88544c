// Any bytes are the pickle of a dictionary, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/pickle.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        promptcl::io::read_pickle({reinterpret_cast<const char*>(data), size}, "fuzz.pkl");
    } catch (const promptcl::Error&) {
    }
    return 0;
}
