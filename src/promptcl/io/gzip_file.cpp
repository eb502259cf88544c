#include "promptcl/io/gzip_file.h"

#include "promptcl/io/file.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <new>
#include <string_view>
#include <unistd.h>
#include <zlib.h>

namespace promptcl::io {
namespace {

constexpr std::size_t kMost = std::size_t{4} << 30;
constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::string_view kHint = "copy or download the file again";

gzFile open_gzip(const std::filesystem::path& path) {
    const File file = File::open_to_read(path);
    const int descriptor = ::dup(file.descriptor());
    if (descriptor < 0) throw file_error("read", path, errno);
    const gzFile opened = gzdopen(descriptor, "rb");
    if (opened == nullptr) {
        ::close(descriptor);
        throw std::bad_alloc();
    }
    return opened;
}

}  // namespace

void GzipFile::Close::operator()(gzFile_s* file) const {
    gzclose(file);
}

GzipFile::GzipFile(const std::filesystem::path& path)
    : name_(path.string()), file_(open_gzip(path)) {}

Error GzipFile::broken() const {
    int code = Z_OK;
    std::string_view message = gzerror(file_.get(), &code);  // "<fd:3>: incorrect data check"
    if (const auto colon = message.find(": "); colon != message.npos) {
        message.remove_prefix(colon + 2);
    }
    if (code == Z_ERRNO) return file_error("read", name_, errno);
    if (code == Z_BUF_ERROR) return Error(fmt::format("{} is cut off", name_), kHint);
    return Error(fmt::format("{} is damaged ({})", name_, message), kHint);
}

std::size_t GzipFile::read(std::span<std::byte> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const auto wanted = std::min(buffer.size() - filled, kChunk);
        const int count =
            gzread(file_.get(), buffer.data() + filled, static_cast<unsigned>(wanted));
        int code = Z_OK;
        gzerror(file_.get(), &code);
        if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) throw broken();
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

std::string read_gzip_file(const std::filesystem::path& path) {
    GzipFile file(path);
    std::string contents;
    for (std::size_t count = kChunk; count == kChunk;) {
        const std::size_t before = contents.size();
        if (before >= kMost) {
            throw Error(fmt::format("{} holds more than 4 GiB", path.string()), kHint);
        }
        contents.resize(before + kChunk);
        count = file.read(std::as_writable_bytes(std::span(contents).subspan(before)));
        contents.resize(before + count);
    }
    return contents;
}

}  // namespace promptcl::io
