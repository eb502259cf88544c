#include "promptcl/core/error.h"
#include "promptcl/data/jpeg.h"

// jpeglib.h uses FILE and size_t without including what declares them.
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <memory>

namespace promptcl::data {
namespace {

/// Out of memory, or a picture that no JPEG can hold: nothing that a file could be blamed for.
[[noreturn]] void fail(j_common_ptr codec) {
    char reason[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, reason);
    throw Bug(reason);
}

struct Encoder {
    jpeg_error_mgr errors{};
    jpeg_compress_struct state{};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;

    Encoder() {
        state.err = jpeg_std_error(&errors);
        errors.error_exit = fail;
        jpeg_create_compress(&state);
        jpeg_mem_dest(&state, &bytes, &size);
    }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
    ~Encoder() {
        jpeg_destroy_compress(&state);
        std::free(bytes);
    }
};

}  // namespace

std::vector<std::byte> encode_jpeg(ImageView image, int quality) {
    Encoder encoder;
    jpeg_compress_struct& codec = encoder.state;
    codec.image_width = static_cast<JDIMENSION>(image.width);
    codec.image_height = static_cast<JDIMENSION>(image.height);
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, quality, TRUE);
    jpeg_start_compress(&codec, TRUE);
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = const_cast<JSAMPROW>(image.row(static_cast<int>(codec.next_scanline)));
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    const auto* first = reinterpret_cast<const std::byte*>(encoder.bytes);
    return {first, first + encoder.size};
}

}  // namespace promptcl::data
