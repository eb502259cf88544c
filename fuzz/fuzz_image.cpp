// Any bytes are a picture with as many pixels as it says, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto image =
            promptcl::data::decode_image(std::as_bytes(std::span(data, size)), "fuzz.jpg");
        const auto pixels =
            static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
        promptcl::require(pixels > 0 && image.rgb.size() == 3 * pixels,
                          "a picture has the pixels it says");
    } catch (const promptcl::Error&) {
    }
    return 0;
}
