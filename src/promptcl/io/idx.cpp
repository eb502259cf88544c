#include "promptcl/io/idx.h"

#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <utility>

namespace promptcl::io {
namespace {

constexpr std::size_t kMagic = 4;
constexpr std::uint8_t kUnsignedByte = 8;

Error broken(const std::string& name, std::string_view reason) {
    return Error(fmt::format("cannot read {}: {}", name, reason),
                 "copy or download the file again");
}

}  // namespace

Array read_idx(std::string_view file, const std::string& name) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(file[at]); };
    if (file.size() < kMagic || byte(0) != 0 || byte(1) != 0) {
        throw broken(name, "it is no IDX file, which begins with two bytes of zero");
    }
    if (byte(2) != kUnsignedByte) {
        throw broken(name,
                     fmt::format("its elements are of type {:#04x} and not bytes (0x08)", byte(2)));
    }
    Array array{"uint8", {}, {}};
    const std::size_t begin = kMagic + 4 * std::size_t{byte(3)};
    if (file.size() < begin) throw broken(name, "it is cut off");
    for (std::size_t at = kMagic; at < begin; at += 4) {
        array.shape.push_back(std::int64_t{byte(at)} << 24 | byte(at + 1) << 16 |
                              byte(at + 2) << 8 | byte(at + 3));
    }
    const auto size = byte_count(array.shape, 1);
    if (!size || std::cmp_not_equal(*size, file.size() - begin)) {
        throw broken(name, fmt::format("it is of shape {} and holds {} elements",
                                       to_string(array.shape), file.size() - begin));
    }
    const auto elements = std::as_bytes(std::span(file.substr(begin)));
    array.bytes.assign(elements.begin(), elements.end());
    return array;
}

}  // namespace promptcl::io
