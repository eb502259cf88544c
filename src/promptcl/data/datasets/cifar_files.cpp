#include "promptcl/data/datasets/cifar_files.h"

#include "promptcl/core/error.h"
#include "promptcl/io/lines.h"
#include "promptcl/io/pickle.h"

#include <cstddef>
#include <fmt/format.h>
#include <utility>

namespace promptcl::data {
namespace {

constexpr std::size_t kPlane = std::size_t{kCifarSide} * kCifarSide;
constexpr std::size_t kImage = 3 * kPlane;
constexpr std::string_view kHint = "unpack or download its archive again";

/// Planes of red, green and blue as interleaved pixels.
void interleave(const char* planes, std::uint8_t* rgb) {
    for (std::size_t pixel = 0; pixel < kPlane; ++pixel) {
        for (std::size_t c = 0; c < 3; ++c) {
            rgb[3 * pixel + c] = static_cast<std::uint8_t>(planes[c * kPlane + pixel]);
        }
    }
}

/// The value under `key`, of the type that it has to have.
template <class Value>
Value take(io::PickledDict& dict, std::string_view key, const std::string& file) {
    const auto found = dict.find(key);
    auto* value = found == dict.end() ? nullptr : std::get_if<Value>(&found->second);
    if (value == nullptr) {
        throw Error(fmt::format("{} holds no \"{}\" as CIFAR has it", file, key), kHint);
    }
    return std::move(*value);
}

}  // namespace

CifarImages read_cifar_records(std::string_view contents, int labels, const std::string& file) {
    const std::size_t record = static_cast<std::size_t>(labels) + kImage;
    if (contents.empty()) throw Error(fmt::format("{} is empty", file), kHint);
    if (contents.size() % record != 0) {
        throw Error(fmt::format("{} has {} bytes, not a multiple of the {} of a record: it is cut "
                                "off or not CIFAR",
                                file, contents.size(), record),
                    kHint);
    }
    const std::size_t count = contents.size() / record;
    CifarImages images{std::vector<std::uint8_t>(count * kImage), {}};
    for (std::size_t i = 0; i < count; ++i) {
        const char* planes = contents.data() + (i + 1) * record - kImage;
        images.labels.push_back(static_cast<unsigned char>(planes[-1]));
        interleave(planes, images.pixels.data() + i * kImage);
    }
    return images;
}

CifarImages read_cifar_pickle(std::string_view contents, std::string_view label_key,
                              const std::string& file) {
    auto dict = io::read_pickle(contents, file);
    const auto data = take<io::Array>(dict, "data", file);
    auto labels = take<std::vector<std::int64_t>>(dict, label_key, file);
    if (labels.empty()) throw Error(fmt::format("{} holds no image", file), kHint);
    const io::Shape wanted = {std::ssize(labels), std::int64_t{kImage}};
    if (data.shape != wanted) {
        throw Error(fmt::format("{} holds {} labels and data of shape {}, not of [{}, {}]", file,
                                labels.size(), io::to_string(data.shape), labels.size(), kImage),
                    kHint);
    }
    CifarImages images{std::vector<std::uint8_t>(data.bytes.size()), std::move(labels)};
    const auto* planes = reinterpret_cast<const char*>(data.bytes.data());
    for (std::size_t at = 0; at < data.bytes.size(); at += kImage)
        interleave(planes + at, images.pixels.data() + at);
    return images;
}

std::vector<std::string> read_cifar_names(std::string_view contents) {
    auto names = io::lines_of(contents);
    std::erase(names, "");
    return names;
}

std::vector<std::string> read_cifar_names_pickle(std::string_view contents, std::string_view key,
                                                 const std::string& file) {
    auto dict = io::read_pickle(contents, file);
    return take<std::vector<std::string>>(dict, key, file);
}

}  // namespace promptcl::data
