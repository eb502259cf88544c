#include "promptcl/data/image_file.h"

#include "promptcl/core/error.h"
#include "promptcl/data/jpeg.h"
#include "promptcl/data/png.h"
#include "promptcl/io/file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <variant>

namespace promptcl::data {
namespace {

constexpr std::array<unsigned char, 3> kJpegMagic{0xff, 0xd8, 0xff};
constexpr std::array<unsigned char, 8> kPngMagic{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

template <std::size_t size>
bool starts_with(std::span<const std::byte> contents,
                 const std::array<unsigned char, size>& magic) {
    return contents.size() >= size && std::equal(magic.begin(), magic.end(), contents.begin(),
                                                 [](unsigned char wanted, std::byte found) {
                                                     return std::byte{wanted} == found;
                                                 });
}

Decoded decode(std::span<const std::byte> contents, JpegDct dct) {
    if (contents.empty()) return DecodeProblem{"the file is empty"};
    if (starts_with(contents, kJpegMagic)) return decode_jpeg(contents, dct);
    if (starts_with(contents, kPngMagic)) return decode_png(contents);
    return DecodeProblem{"it is neither a JPEG nor a PNG file"};
}

}  // namespace

bool is_picture(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

Image decode_image(std::span<const std::byte> contents, const std::string& name, JpegDct dct) {
    auto decoded = decode(contents, dct);
    if (const auto* problem = std::get_if<DecodeProblem>(&decoded)) {
        throw Error(fmt::format("cannot read the image {}: {}", name, problem->reason),
                    "replace or remove the file");
    }
    return std::get<Image>(std::move(decoded));
}

Image read_image(const std::filesystem::path& path, JpegDct dct) {
    const std::string contents = io::read_file(path);
    return decode_image(std::as_bytes(std::span(contents)), path.string(), dct);
}

}  // namespace promptcl::data
