// Reading a picture from a file.
#pragma once

#include "promptcl/data/image.h"
#include "promptcl/data/jpeg.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace promptcl::data {

/// The most pixels an image file may hold: a small broken file must not ask for all of the memory.
constexpr std::int64_t kMostPixels = std::int64_t{1} << 27;

/// Whether a file is a JPEG or PNG by its name, in any case.
bool is_picture(const std::filesystem::path& path);

/// A JPEG or PNG file, told apart by its first bytes, as RGB. Grey becomes three equal channels,
/// palettes are looked up, 16 bits become 8, CMYK and YCCK become RGB, and transparent parts lie on
/// white. Error naming the file when it cannot be read, is neither JPEG nor PNG, is damaged or cut
/// off.
Image read_image(const std::filesystem::path& path, JpegDct dct = JpegDct::kAccurate);

/// The same for the contents of a file; `name` stands in the errors.
Image decode_image(std::span<const std::byte> contents, const std::string& name,
                   JpegDct dct = JpegDct::kAccurate);

}  // namespace promptcl::data
