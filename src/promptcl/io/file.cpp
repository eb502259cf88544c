#include "promptcl/io/file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace promptcl::io {
namespace {

constexpr mode_t kReadableByAll = 0666;  // less the umask

template <class Call>
auto repeat_if_interrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

struct Reason {
    std::string what, hint;
};

Reason reason(std::string_view verb, int error_number) {
    const bool reads = verb == "read";
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
            return {"the disk is full", "free space or choose another folder"};
        case EFBIG:
            return {"the file would be larger than the system allows",
                    "raise the limit (ulimit -f) or choose another folder"};
        case EISDIR:
            return {"it is a folder", "give the path of a file"};
        case ENOENT:
            if (reads) return {"no such file", "check the path"};
            return {"its folder does not exist", "make the folder or choose another one"};
        case ENOTDIR:
            return {"a part of its path is not a folder", "check the path"};
        case EACCES:
        case EPERM:
        case EROFS:
            if (reads) return {"no permission", "check who may read it"};
            return {"no permission", "choose a folder you may write to"};
        default:
            return {std::generic_category().message(error_number), "check the disk"};
    }
}

}  // namespace

Error file_error(std::string_view verb, const std::filesystem::path& path, int error_number) {
    const auto [what, hint] = reason(verb, error_number);
    return Error(fmt::format("cannot {} {}: {}", verb, path.string(), what), hint);
}

File::File(std::filesystem::path shown, int descriptor)
    : shown_(std::move(shown)), descriptor_(descriptor) {}

File File::open_to_read(const std::filesystem::path& path) {
    const int descriptor =
        repeat_if_interrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
    if (descriptor < 0) throw file_error("read", path, errno);
    File file(path, descriptor);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) throw file_error("read", path, errno);
    if (S_ISDIR(status.st_mode)) throw file_error("read", path, EISDIR);
    return file;
}

File File::open_to_write(const std::filesystem::path& path, int flags,
                         const std::filesystem::path& shown) {
    const auto& name = shown.empty() ? path : shown;
    const int descriptor = repeat_if_interrupted(
        [&] { return ::open(path.c_str(), flags | O_CLOEXEC, kReadableByAll); });
    if (descriptor < 0) throw file_error("write", name, errno);
    return File(name, descriptor);
}

File File::in_memory(const std::string& shown) {
    const int descriptor = ::memfd_create(shown.c_str(), MFD_CLOEXEC);
    if (descriptor < 0) throw file_error("write", shown, errno);
    return File(shown, descriptor);
}

File::File(File&& other) noexcept
    : shown_(std::move(other.shown_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(shown_, other.shown_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t File::read(std::span<std::byte> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const auto rest = buffer.subspan(filled);
        const ssize_t count =
            repeat_if_interrupted([&] { return ::read(descriptor_, rest.data(), rest.size()); });
        if (count < 0) throw file_error("read", shown_, errno);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

void File::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count =
            repeat_if_interrupted([&] { return ::write(descriptor_, bytes.data(), bytes.size()); });
        if (count < 0) throw file_error("write", shown_, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void File::write_at(std::int64_t place, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = repeat_if_interrupted(
            [&] { return ::pwrite(descriptor_, bytes.data(), bytes.size(), place); });
        if (count < 0) throw file_error("write", shown_, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        place += count;
    }
}

void File::sync() {
    if (repeat_if_interrupted([&] { return ::fsync(descriptor_); }) != 0) {
        throw file_error("write", shown_, errno);
    }
}

void File::truncate(std::int64_t size) {
    const bool done = repeat_if_interrupted([&] { return ::ftruncate(descriptor_, size); }) == 0 &&
                      ::lseek(descriptor_, size, SEEK_SET) == size;
    if (!done) throw file_error("write", shown_, errno);
}

std::int64_t File::size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) throw file_error("read", shown_, errno);
    return status.st_size;
}

void make_folder(const std::filesystem::path& folder, std::string_view hint) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (!failure) return;
    throw Error(fmt::format("cannot make the folder {}: {}", folder.string(), failure.message()),
                hint);
}

std::string read_file(const std::filesystem::path& path) {
    constexpr std::size_t kChunk = 1 << 16;
    auto file = File::open_to_read(path);
    std::string contents;
    for (std::size_t count = kChunk; count == kChunk;) {
        const std::size_t before = contents.size();
        contents.resize(before + kChunk);
        count = file.read(std::as_writable_bytes(std::span(contents).subspan(before)));
        contents.resize(before + count);
    }
    return contents;
}

}  // namespace promptcl::io
