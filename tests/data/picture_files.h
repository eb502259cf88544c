// Contents of picture files of every kind, written with libjpeg and libpng.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::data {

enum class JpegKind { kGrey, kRgb, kCmyk, kAdobeCmyk, kAdobeYcck };

/// A JPEG file of the best quality with every pixel equal to `pixel` (as many values as the kind
/// has channels).
std::string flat_jpeg(JpegKind kind, int height, int width, std::vector<std::uint8_t> pixel);

enum class PngKind {
    kGrey,
    kGrey1Bit,
    kGrey16Bit,
    kGreyAlpha,
    kRgb,
    kRgbInterlaced,
    kRgb16Bit,
    kRgba,
    kPalette,
    kPaletteTransparent
};

/// A PNG file with these rows, packed as the kind has them. The palettes are: 0 red, 1 green, 2
/// blue; with transparency 0 is invisible.
std::string png_of(PngKind kind, int width, std::vector<std::vector<std::uint8_t>> rows);

/// A PNG file with every pixel of this colour.
std::string flat_png(int height, int width, std::uint8_t red, std::uint8_t green,
                     std::uint8_t blue);

}  // namespace promptcl::data
