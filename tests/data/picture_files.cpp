#include "tests/data/picture_files.h"

// jpeglib.h uses FILE and size_t without including what declares them.
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <png.h>

namespace promptcl::data {
namespace {

void append(png_structp codec, png_bytep bytes, std::size_t count) {
    static_cast<std::string*>(png_get_io_ptr(codec))
        ->append(reinterpret_cast<const char*>(bytes), count);
}

struct PngFormat {
    int bits, colour;
};

PngFormat format_of(PngKind kind) {
    switch (kind) {
        case PngKind::kGrey:
            return {8, PNG_COLOR_TYPE_GRAY};
        case PngKind::kGrey1Bit:
            return {1, PNG_COLOR_TYPE_GRAY};
        case PngKind::kGrey16Bit:
            return {16, PNG_COLOR_TYPE_GRAY};
        case PngKind::kGreyAlpha:
            return {8, PNG_COLOR_TYPE_GRAY_ALPHA};
        case PngKind::kRgb:
        case PngKind::kRgbInterlaced:
            return {8, PNG_COLOR_TYPE_RGB};
        case PngKind::kRgb16Bit:
            return {16, PNG_COLOR_TYPE_RGB};
        case PngKind::kRgba:
            return {8, PNG_COLOR_TYPE_RGBA};
        case PngKind::kPalette:
        case PngKind::kPaletteTransparent:
            return {8, PNG_COLOR_TYPE_PALETTE};
    }
    std::abort();
}

J_COLOR_SPACE input_space(JpegKind kind) {
    if (kind == JpegKind::kGrey) return JCS_GRAYSCALE;
    return kind == JpegKind::kRgb ? JCS_RGB : JCS_CMYK;
}

}  // namespace

std::string flat_jpeg(JpegKind kind, int height, int width, std::vector<std::uint8_t> pixel) {
    jpeg_compress_struct codec{};
    jpeg_error_mgr errors{};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_compress(&codec);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&codec, &bytes, &size);
    codec.image_height = static_cast<JDIMENSION>(height);
    codec.image_width = static_cast<JDIMENSION>(width);
    codec.input_components = static_cast<int>(pixel.size());
    codec.in_color_space = input_space(kind);
    jpeg_set_defaults(&codec);
    if (kind == JpegKind::kAdobeYcck) jpeg_set_colorspace(&codec, JCS_YCCK);
    if (kind == JpegKind::kCmyk) codec.write_Adobe_marker = FALSE;
    jpeg_set_quality(&codec, 100, TRUE);
    jpeg_start_compress(&codec, TRUE);
    std::vector<std::uint8_t> row;
    for (int x = 0; x < width; ++x)
        row.insert(row.end(), pixel.begin(), pixel.end());
    JSAMPROW rows = row.data();
    for (int y = 0; y < height; ++y)
        jpeg_write_scanlines(&codec, &rows, 1);
    jpeg_finish_compress(&codec);
    std::string contents(reinterpret_cast<const char*>(bytes), size);
    jpeg_destroy_compress(&codec);
    std::free(bytes);
    return contents;
}

std::string png_of(PngKind kind, int width, std::vector<std::vector<std::uint8_t>> rows) {
    std::string contents;
    png_structp codec = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(codec);
    png_set_write_fn(codec, &contents, append, nullptr);
    const auto [bits, colour] = format_of(kind);
    const int interlace =
        kind == PngKind::kRgbInterlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE;
    png_set_IHDR(codec, info, static_cast<png_uint_32>(width),
                 static_cast<png_uint_32>(rows.size()), bits, colour, interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    const png_color palette[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}};
    const png_byte alpha[] = {0, 255, 255};
    if (colour == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(codec, info, palette, 3);
    if (kind == PngKind::kPaletteTransparent) png_set_tRNS(codec, info, alpha, 3, nullptr);
    std::vector<png_bytep> pointers;
    for (auto& row : rows)
        pointers.push_back(row.data());
    png_set_rows(codec, info, pointers.data());
    png_write_png(codec, info, PNG_TRANSFORM_IDENTITY, nullptr);
    png_destroy_write_struct(&codec, &info);
    return contents;
}

std::string flat_png(int height, int width, std::uint8_t red, std::uint8_t green,
                     std::uint8_t blue) {
    std::vector<std::uint8_t> row;
    for (int x = 0; x < width; ++x)
        row.insert(row.end(), {red, green, blue});
    return png_of(PngKind::kRgb, width, std::vector(static_cast<std::size_t>(height), row));
}

}  // namespace promptcl::data
