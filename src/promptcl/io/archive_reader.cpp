#include "promptcl/io/archive_reader.h"

#include "promptcl/io/file.h"
#include "promptcl/io/gzip_file.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <utility>
#include <vector>

namespace promptcl::io {
namespace {

constexpr std::size_t kBlock = 1 << 16;
constexpr std::size_t kTarBlock = 512;
constexpr std::int64_t kBestDeflation = 1032;  // zlib's own bound: 258 bytes from two bits

archive* new_reader(ArchiveFormat format) {
    archive* handle = archive_read_new();
    if (handle == nullptr) throw std::bad_alloc();
    if (format == ArchiveFormat::kZip) {
        archive_read_support_format_zip_seekable(handle);
    } else {
        archive_read_support_format_tar(handle);
    }
    return handle;
}

std::string message_of(archive* handle, ArchiveFormat format) {
    const bool unknown_format = archive_errno(handle) == EILSEQ && archive_file_count(handle) == 0;
    if (unknown_format) {
        return fmt::format("it is not a {} archive or is truncated",
                           format == ArchiveFormat::kZip ? "zip" : "tar");
    }
    const char* message = archive_error_string(handle);
    return message == nullptr ? "unknown error" : message;
}

Error broken(const std::string& what, std::string_view reason) {
    return Error(fmt::format("cannot read {}: {}", what, reason),
                 "copy or download the file again");
}

}  // namespace

/// Hands a tar to libarchive. Decompressed here, because libarchive compares no checksum of gzip.
struct ArchiveReader::TarBytes {
    explicit TarBytes(const std::filesystem::path& path) : file(path) {}

    static la_ssize_t pass_on(archive* handle, void* self, const void** bytes) {
        auto& tar = *static_cast<TarBytes*>(self);
        try {
            *bytes = tar.buffer.data();
            return static_cast<la_ssize_t>(tar.refill());
        } catch (...) {
            tar.failure = std::current_exception();
            archive_set_error(handle, EIO, "reading failed");
            return ARCHIVE_FATAL;
        }
    }

    std::size_t refill() {
        const std::size_t count = file.read(buffer);
        const auto tail = std::span(buffer).first(count).last(std::min(count, kTarBlock));
        if (count > 0) {
            ends_in_zeros = std::ranges::all_of(tail, [](std::byte b) { return b == std::byte{}; });
        }
        return count;
    }

    GzipFile file;
    std::vector<std::byte> buffer = std::vector<std::byte>(kBlock);
    bool ends_in_zeros = false;  // the last block read, as a whole tar ends
    std::exception_ptr failure;
};

void ArchiveReader::Free::operator()(archive* handle) const {
    archive_read_free(handle);
}

ArchiveReader::ArchiveReader(const std::filesystem::path& path, ArchiveFormat format)
    : name_(path.string()),
      file_size_(File::open_to_read(path).size()),
      format_(format),
      archive_(new_reader(format)) {
    if (format == ArchiveFormat::kTar) {
        tar_ = std::make_unique<TarBytes>(path);
        check(archive_read_open(archive_.get(), tar_.get(), nullptr, TarBytes::pass_on, nullptr) ==
                  ARCHIVE_OK,
              name_);
    } else {
        check(archive_read_open_filename(archive_.get(), path.c_str(), kBlock) == ARCHIVE_OK,
              name_);
    }
}

ArchiveReader::ArchiveReader(std::span<const std::byte> file, std::string name)
    : name_(std::move(name)),
      file_size_(static_cast<std::int64_t>(file.size())),
      format_(ArchiveFormat::kZip),
      archive_(new_reader(format_)) {
    check(archive_read_open_memory(archive_.get(), file.data(), file.size()) == ARCHIVE_OK, name_);
}

ArchiveReader::ArchiveReader(ArchiveReader&&) noexcept = default;
ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::check(bool done, const std::string& what) const {
    if (tar_ && tar_->failure) std::rethrow_exception(tar_->failure);
    if (!done) throw broken(what, message_of(archive_.get(), format_));
}

std::optional<ArchiveReader::Entry> ArchiveReader::next() {
    archive_entry* entry = nullptr;
    do {
        const int result = archive_read_next_header(archive_.get(), &entry);
        check(result == ARCHIVE_OK || result == ARCHIVE_WARN || result == ARCHIVE_EOF, name_);
        if (result == ARCHIVE_EOF) {
            while (tar_ && tar_->refill() > 0) {
            }
            if (tar_ && !tar_->ends_in_zeros) throw broken(name_, "it is cut off");
            return {};
        }
    } while (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr);
    const char* entry_name = archive_entry_pathname_utf8(entry);
    if (entry_name == nullptr) entry_name = archive_entry_pathname(entry);
    if (entry_name == nullptr) throw broken(name_, "the name of an entry is not plain ASCII");
    Entry found{entry_name, archive_entry_size(entry)};
    if (found.size < 0 || found.size / kBestDeflation > file_size_) {
        throw broken(name_, fmt::format("its entry {} announces {} bytes, more than it can hold",
                                        found.name, found.size));
    }
    return found;
}

std::size_t ArchiveReader::read(std::span<std::byte> buffer, const std::string& what) {
    const auto count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
    check(count >= 0, what);
    return static_cast<std::size_t>(count);
}

}  // namespace promptcl::io
