// Any bytes are a .npz archive whose listing agrees with its arrays, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = std::as_bytes(std::span(data, size));
    try {
        const auto headers = promptcl::io::list_npz(file, "fuzz.npz");
        const auto arrays = promptcl::io::read_npz(file, "fuzz.npz");
        promptcl::require(headers.size() == arrays.size(), "a listing names every array");
    } catch (const promptcl::Error&) {
    }
    return 0;
}
