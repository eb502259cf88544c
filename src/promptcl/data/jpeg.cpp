#include "promptcl/data/jpeg.h"

#include "promptcl/data/image_file.h"

// jpeglib.h uses FILE and size_t without including what declares them.
#include <cstdio>
#include <jpeglib.h>
// After jpeglib.h, which its messages need.
#include <csetjmp>
#include <cstdint>
#include <jerror.h>
#include <utility>
#include <vector>

namespace promptcl::data {
namespace {

/// libjpeg's error state with the place to jump to, and what went wrong.
struct ErrorState {
    jpeg_error_mgr base;  // first: libjpeg knows only this part
    std::jmp_buf escape;
    char reason[JMSG_LENGTH_MAX];
};

[[noreturn]] void fail(j_common_ptr codec) {
    auto* state = reinterpret_cast<ErrorState*>(codec->err);
    codec->err->format_message(codec, state->reason);
    std::longjmp(state->escape, 1);
}

/// Called for warnings (level -1) and traces. A warning after which the pixels are not those of the
/// picture is a failure; others, such as stray bytes between markers, are common in good files.
void judge_message(j_common_ptr codec, int level) {
    if (level >= 0) return;
    switch (codec->err->msg_code) {
        case JWRN_JPEG_EOF:
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_MUST_RESYNC:
        case JWRN_BOGUS_PROGRESSION:
            fail(codec);
        default:
            return;
    }
}

/// A row of CMYK as RGB. Adobe's files hold 255 - ink.
void cmyk_to_rgb(const std::uint8_t* cmyk, bool inverted, int width, std::uint8_t* rgb) {
    for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
        const int light = inverted ? cmyk[3] : 255 - cmyk[3];
        for (int c = 0; c < 3; ++c) {
            const int tint = inverted ? cmyk[c] : 255 - cmyk[c];
            rgb[c] = static_cast<std::uint8_t>((tint * light + 127) / 255);
        }
    }
}

struct Codec {
    jpeg_decompress_struct state{};
    Codec() = default;
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;
    ~Codec() { jpeg_destroy_decompress(&state); }
};

/// Buffers that outlive a jump out of libjpeg.
struct Buffers {
    Image image;
    std::vector<std::uint8_t> cmyk_row;
};

/// Decodes into `buffers`; false with a reason in `errors`. Holds no object with a destructor,
/// because libjpeg's errors jump over its frame.
bool read_pixels(jpeg_decompress_struct& codec, ErrorState& errors,
                 std::span<const std::byte> contents, JpegDct dct, Buffers& buffers) {
    if (setjmp(errors.escape) != 0) return false;
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(contents.data()),
                 static_cast<unsigned long>(contents.size()));
    jpeg_read_header(&codec, TRUE);
    if (std::int64_t{codec.image_height} * codec.image_width > kMostPixels) {
        std::snprintf(errors.reason, sizeof errors.reason, "%u x %u pixels are too many",
                      codec.image_width, codec.image_height);
        return false;
    }
    const bool has_black = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
    codec.dct_method = dct == JpegDct::kFast ? JDCT_IFAST : JDCT_ISLOW;
    codec.out_color_space = has_black ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&codec);
    const int width = static_cast<int>(codec.output_width);
    buffers.image.width = width;
    buffers.image.height = static_cast<int>(codec.output_height);
    buffers.image.rgb.resize(std::size_t{codec.output_height} * codec.output_width * 3);
    if (has_black) buffers.cmyk_row.resize(std::size_t{codec.output_width} * 4);
    while (codec.output_scanline < codec.output_height) {
        std::uint8_t* rgb =
            buffers.image.rgb.data() + std::size_t{codec.output_scanline} * codec.output_width * 3;
        JSAMPROW row = has_black ? buffers.cmyk_row.data() : rgb;
        jpeg_read_scanlines(&codec, &row, 1);
        if (has_black) cmyk_to_rgb(row, codec.saw_Adobe_marker == TRUE, width, rgb);
    }
    jpeg_finish_decompress(&codec);
    return true;
}

}  // namespace

Decoded decode_jpeg(std::span<const std::byte> contents, JpegDct dct) {
    ErrorState errors{};
    Codec codec;
    codec.state.err = jpeg_std_error(&errors.base);
    errors.base.error_exit = fail;
    errors.base.emit_message = judge_message;
    Buffers buffers;
    if (!read_pixels(codec.state, errors, contents, dct, buffers))
        return DecodeProblem{errors.reason};
    return std::move(buffers.image);
}

}  // namespace promptcl::data
