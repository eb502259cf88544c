#include "promptcl/io/mat_file.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <matio.h>
#include <new>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>
#include <zlib.h>

namespace promptcl::io {
namespace {

constexpr std::size_t kHeader = 128;
constexpr std::uint32_t kMatrix = 14, kCompressed = 15;  // the only elements a file consists of
constexpr std::size_t kMostBytes = 128;                  // of 32 dimensions, of a name
constexpr std::size_t kBeginning = 40 + kMostBytes;
constexpr std::size_t kBlock = 1 << 16;
constexpr std::int64_t kBestDeflation = 1032;  // zlib's own bound: 258 bytes from two bits

Error broken(const std::string& what, std::string_view reason) {
    return Error(fmt::format("cannot read {}: {}", what, reason),
                 "copy or download the file again");
}

/// What libmatio complained about in this thread since the last call; it prints nothing itself.
std::string complaints() {
    static thread_local std::string collected;
    static const int once =
        Mat_LogInitFunc("promptcl", [](int, char* message) { collected += message; });
    static_cast<void>(once);
    return std::exchange(collected, {});
}

/// What the zlib stream in the next `size` bytes of `file` begins with; nothing when it is not
/// whole or its checksum is wrong, which libmatio does not compare.
std::optional<std::string> beginning_of_stream(File& file, std::size_t size) {
    std::vector<std::byte> packed(kBlock), unpacked(kBlock);
    std::string beginning;
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
    int result = Z_OK;
    while (size > 0 && result == Z_OK) {
        const auto count = file.read(std::span(packed).first(std::min(size, packed.size())));
        size -= count;
        stream.next_in = reinterpret_cast<Bytef*>(packed.data());
        stream.avail_in = static_cast<uInt>(count);
        do {
            stream.next_out = reinterpret_cast<Bytef*>(unpacked.data());
            stream.avail_out = static_cast<uInt>(unpacked.size());
            result = inflate(&stream, Z_NO_FLUSH);
            const auto made = unpacked.size() - stream.avail_out;
            beginning.append(reinterpret_cast<const char*>(unpacked.data()),
                             std::min(made, kBeginning - beginning.size()));
        } while (result == Z_OK && stream.avail_out == 0);
        if (result == Z_BUF_ERROR) result = Z_OK;  // it wants more than this block
    }
    inflateEnd(&stream);
    if (result != Z_STREAM_END) return std::nullopt;
    return beginning;
}

/// Whether an element that begins like this is a numeric array with room for its dimensions and
/// its name. libmatio believes what they say.
bool is_numeric_array(std::string_view beginning) {
    const auto word = [&](std::size_t at) {
        std::uint32_t value = 0;
        if (at + sizeof value <= beginning.size()) {
            std::memcpy(&value, beginning.data() + at, sizeof value);
        }
        return value;
    };
    constexpr std::uint32_t kUint32 = 6, kInt32 = 5, kInt8 = 1, kDouble = 6, kUint64 = 15;
    const auto class_type = word(16) & 0xff, dimensions = word(28);
    if (word(0) != kMatrix || word(8) != kUint32 || word(12) != 8 || class_type < kDouble ||
        class_type > kUint64 || word(24) != kInt32 || dimensions < 8 || dimensions > kMostBytes) {
        return false;
    }
    const std::size_t name = 32 + (dimensions + 7) / 8 * 8;
    const bool is_short = word(name) >> 16 != 0;  // up to four characters lie in the tag
    return (word(name) & 0xffff) == kInt8 && (is_short || word(name + 4) <= kMostBytes);
}

/// Error unless `path` begins as a MATLAB 5 file of a little-endian machine and consists of whole
/// elements, all numeric arrays, so that libmatio never guesses at another format or reads beyond
/// the end.
void check_outline(const std::filesystem::path& path) {
    auto file = File::open_to_read(path);
    std::array<char, kHeader> header{};
    const auto count = file.read(std::as_writable_bytes(std::span(header)));
    const std::string_view version(header.data() + kHeader - 4, 4);
    if (version.ends_with("IM") && version.starts_with(std::string_view("\0\2", 2))) {
        throw Error(fmt::format("{} is a MATLAB 7.3 file", path.string()),
                    "save it with -v7 or take the original");
    }
    if (count < kHeader || version != std::string_view("\0\1IM", 4)) {
        throw broken(path.string(), "it is no MATLAB 5 file");
    }
    std::int64_t position = kHeader;
    for (const std::int64_t end = file.size(); position < end;) {
        std::string element(kBeginning, '\0');
        ::lseek(file.descriptor(), position, SEEK_SET);
        element.resize(file.read(std::as_writable_bytes(std::span(element))));
        std::array<std::uint32_t, 2> tag{};
        std::memcpy(tag.data(), element.data(), std::min(element.size(), sizeof tag));
        const auto begin = position + std::int64_t{sizeof tag};
        if (begin + tag[1] > end) throw broken(path.string(), "it is cut off");
        if (tag[0] == kCompressed) {
            ::lseek(file.descriptor(), begin, SEEK_SET);
            element = beginning_of_stream(file, tag[1]).value_or("");
        }
        if (!is_numeric_array(element)) {
            throw broken(path.string(), "it is damaged or holds more than numeric arrays");
        }
        position = begin + tag[1];
    }
}

mat_t* open_mat(const std::filesystem::path& path) {
    check_outline(path);
    complaints();
    mat_t* file = Mat_Open(path.c_str(), MAT_ACC_RDONLY);
    if (file == nullptr) throw broken(path.string(), complaints());
    return file;
}

struct FreeVariable {
    void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};
using Variable = std::unique_ptr<matvar_t, FreeVariable>;

}  // namespace

void MatFile::Close::operator()(_mat_t* file) const {
    Mat_Close(file);
}

MatFile::MatFile(const std::filesystem::path& path) : path_(path), file_(open_mat(path)) {}

Array MatFile::read(const std::string& variable) {
    const auto what = fmt::format("{} of {}", variable, path_.string());
    complaints();
    const Variable info(Mat_VarReadInfo(file_.get(), variable.c_str()));
    if (info == nullptr) {
        const auto reason = complaints();
        throw broken(what, reason.empty() ? "there is no such variable" : reason);
    }
    const bool is_bytes = info->class_type == MAT_C_UINT8;
    if ((!is_bytes && info->class_type != MAT_C_DOUBLE) || info->isComplex != 0) {
        throw broken(what, "it is neither of class uint8 nor double");
    }
    Array array{is_bytes ? "uint8" : "float64", {}, {}};
    for (int i = info->rank - 1; i >= 0; --i)
        array.shape.push_back(static_cast<std::int64_t>(info->dims[i]));
    const auto size = byte_count(array.shape, is_bytes ? 1 : sizeof(double));
    const auto most = kBestDeflation * File::open_to_read(path_).size();
    if (!size || *size > std::min<std::int64_t>(most, std::numeric_limits<int>::max())) {
        throw broken(what, fmt::format("it announces the shape {}, more than it can hold",
                                       to_string(array.shape)));
    }
    array.bytes.resize(static_cast<std::size_t>(*size));
    const int failed = Mat_VarReadDataLinear(file_.get(), info.get(), array.bytes.data(), 0, 1,
                                             static_cast<int>(array.size()));
    const auto reason = complaints();
    if (failed != 0 || !reason.empty()) {
        throw broken(what, reason.empty() ? "its data are damaged" : reason);
    }
    return array;
}

}  // namespace promptcl::io
