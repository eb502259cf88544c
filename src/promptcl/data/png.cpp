#include "promptcl/data/png.h"

#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"

#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <png.h>
#include <utility>
#include <vector>

namespace promptcl::data {
namespace {

/// Everything that outlives a jump out of libpng.
struct State {
    std::span<const std::byte> unread;
    char reason[160] = "";
    int height = 0, width = 0;
    std::vector<std::uint8_t> rgba;
    std::vector<png_bytep> rows;
};

[[noreturn]] void fail(png_structp codec, png_const_charp message) {
    auto* state = static_cast<State*>(png_get_error_ptr(codec));
    std::snprintf(state->reason, sizeof state->reason, "%s", message);
    png_longjmp(codec, 1);
}

void ignore_warning(png_structp, png_const_charp) {}

void take_bytes(png_structp codec, png_bytep target, std::size_t count) {
    auto* state = static_cast<State*>(png_get_io_ptr(codec));
    if (count > state->unread.size()) png_error(codec, "the file ends early");
    std::memcpy(target, state->unread.data(), count);
    state->unread = state->unread.subspan(count);
}

struct Codec {
    png_structp state;
    png_infop info;
    explicit Codec(State& errors)
        : state(png_create_read_struct(PNG_LIBPNG_VER_STRING, &errors, fail, ignore_warning)),
          info(state == nullptr ? nullptr : png_create_info_struct(state)) {}
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;
    ~Codec() { png_destroy_read_struct(&state, &info, nullptr); }
};

/// Asks libpng for 8-bit RGBA whatever the file holds.
void ask_for_rgba(png_structp codec) {
    png_set_expand(codec);
    png_set_scale_16(codec);
    png_set_gray_to_rgb(codec);
    png_set_add_alpha(codec, 0xff, PNG_FILLER_AFTER);
    png_set_interlace_handling(codec);
}

/// Decodes into `state`; false with a reason there. Holds no object with a destructor, because
/// libpng's errors jump over its frame.
bool read_pixels(png_structp codec, png_infop info, State& state) {
    if (setjmp(png_jmpbuf(codec)) != 0) return false;
    png_set_read_fn(codec, &state, take_bytes);
    png_read_info(codec, info);
    const std::uint32_t width = png_get_image_width(codec, info),
                        height = png_get_image_height(codec, info);
    if (std::int64_t{width} * height > kMostPixels) png_error(codec, "it has too many pixels");
    ask_for_rgba(codec);
    png_read_update_info(codec, info);
    if (png_get_rowbytes(codec, info) != std::size_t{width} * 4)
        png_error(codec, "its colours are of an unknown kind");
    state.width = static_cast<int>(width);
    state.height = static_cast<int>(height);
    state.rgba.resize(std::size_t{width} * height * 4);
    state.rows.resize(height);
    for (std::size_t y = 0; y < height; ++y)
        state.rows[y] = state.rgba.data() + y * width * 4;
    png_read_image(codec, state.rows.data());
    png_read_end(codec, nullptr);
    return true;
}

Image on_white(const State& state) {
    Image image{state.height, state.width, {}};
    image.rgb.resize(state.rgba.size() / 4 * 3);
    std::uint8_t* target = image.rgb.data();
    for (std::size_t pixel = 0; pixel < state.rgba.size(); pixel += 4) {
        const int alpha = state.rgba[pixel + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            const int mixed = state.rgba[pixel + c] * alpha + 255 * (255 - alpha);
            *target++ = static_cast<std::uint8_t>((mixed + 127) / 255);
        }
    }
    return image;
}

}  // namespace

Decoded decode_png(std::span<const std::byte> contents) {
    State state;
    state.unread = contents;
    const Codec codec(state);
    if (codec.info == nullptr) throw std::bad_alloc();
    if (!read_pixels(codec.state, codec.info, state)) return DecodeProblem{state.reason};
    return on_white(state);
}

std::vector<std::byte> encode_png(ImageView image) {
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    png.width = static_cast<png_uint_32>(image.width);
    png.height = static_cast<png_uint_32>(image.height);
    png.format = PNG_FORMAT_RGB;
    std::vector<std::byte> file(PNG_IMAGE_PNG_SIZE_MAX(png));
    png_alloc_size_t size = file.size();
    const bool written =
        png_image_write_to_memory(&png, file.data(), &size, /*convert_to_8_bit=*/0,
                                  image.rgb.data(), /*row_stride=*/0, nullptr) != 0;
    require(written, "libpng writes an image in memory");
    file.resize(size);
    return file;
}

}  // namespace promptcl::data
