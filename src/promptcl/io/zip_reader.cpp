#include "promptcl/io/zip_reader.h"

#include "promptcl/io/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <fmt/format.h>
#include <new>
#include <utility>

namespace promptcl::io {
namespace {

constexpr std::size_t kBlock = 1 << 16;
constexpr std::int64_t kBestDeflation = 1032;  // zlib's own bound: 258 bytes from two bits

archive* new_zip_reader() {
    archive* handle = archive_read_new();
    if (handle == nullptr) throw std::bad_alloc();
    archive_read_support_format_zip_seekable(handle);
    return handle;
}

std::string message_of(archive* handle) {
    const bool unknown_format = archive_errno(handle) == EILSEQ && archive_file_count(handle) == 0;
    if (unknown_format) return "it is not a zip archive or is truncated";
    const char* message = archive_error_string(handle);
    return message == nullptr ? "unknown error" : message;
}

Error broken(const std::string& what, std::string_view reason) {
    return Error(fmt::format("cannot read {}: {}", what, reason),
                 "copy or download the file again");
}

}  // namespace

void ZipReader::Free::operator()(archive* handle) const {
    archive_read_free(handle);
}

ZipReader::ZipReader(const std::filesystem::path& path)
    : name_(path.string()),
      file_size_(File::open_to_read(path).size()),
      archive_(new_zip_reader()) {
    check_opened(archive_read_open_filename(archive_.get(), path.c_str(), kBlock));
}

ZipReader::ZipReader(std::span<const std::byte> file, std::string name)
    : name_(std::move(name)),
      file_size_(static_cast<std::int64_t>(file.size())),
      archive_(new_zip_reader()) {
    check_opened(archive_read_open_memory(archive_.get(), file.data(), file.size()));
}

void ZipReader::check_opened(int result) const {
    if (result != ARCHIVE_OK) throw broken(name_, message_of(archive_.get()));
}

std::optional<ZipReader::Entry> ZipReader::next() {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(archive_.get(), &entry);
    if (result == ARCHIVE_EOF) return {};
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        throw broken(name_, message_of(archive_.get()));
    }
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

std::size_t ZipReader::read(std::span<std::byte> buffer, const std::string& what) {
    const auto count = archive_read_data(archive_.get(), buffer.data(), buffer.size());
    if (count < 0) throw broken(what, message_of(archive_.get()));
    return static_cast<std::size_t>(count);
}

}  // namespace promptcl::io
