// Any bytes are a MATLAB 5 file whose arrays have the elements of their shapes, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/mat_file.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int file = ::memfd_create("fuzz.mat", 0);  // libmatio reads by path only
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    const bool is_written =
        ::ftruncate(file, 0) == 0 && ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size);
    promptcl::require(is_written, "a file in memory can be written");
    try {
        promptcl::io::MatFile mat(path);
        for (const std::string variable : {"X", "y"})
            promptcl::io::expect_whole(mat.read(variable));
    } catch (const promptcl::Error&) {
    }
    return 0;
}
