#include "promptcl/io/npz.h"

#include "promptcl/core/error.h"
#include "promptcl/io/archive_reader.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/dtype.h"
#include "promptcl/io/npy.h"

#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace promptcl::io {
namespace {

constexpr std::string_view kSuffix = ".npy";

Error broken(const std::string& what, const std::string& reason) {
    return Error(fmt::format("cannot read {}: {}", what, reason),
                 "copy or download the file again");
}

/// One array of an archive, whose header is read and whose data are not yet.
struct OpenArray {
    ArchiveReader& archive;
    std::string what;  // "array a/b of x.npz"
    NpyHeader header;
    std::size_t data_size;
};

OpenArray open_array(ArchiveReader& archive, const ArchiveReader::Entry& entry,
                     const std::string& array) {
    const auto what = fmt::format("array {} of {}", array, archive.name());
    std::vector<std::byte> header(kNpyPreamble);
    header.resize(archive.read(header, what));
    const auto header_size = npy_header_size(header);
    if (!header_size) throw broken(what, "it is not a .npy array");
    if (std::cmp_greater(*header_size, entry.size)) {
        throw broken(what, "its .npy header is truncated");
    }
    header.resize(*header_size);
    const auto rest = std::span(header).subspan(kNpyPreamble);
    if (archive.read(rest, what) != rest.size()) throw broken(what, "its .npy header is truncated");
    auto parsed = parse_npy_header(header, what);
    const auto wanted = *byte_count(parsed.info.shape, dtype_named(parsed.info.dtype).size);
    const auto there = entry.size - static_cast<std::int64_t>(*header_size);
    if (wanted != there) {
        throw broken(what,
                     fmt::format("{} of shape {} needs {} bytes of data and {} are there",
                                 parsed.info.dtype, to_string(parsed.info.shape), wanted, there));
    }
    return {archive, what, std::move(parsed), static_cast<std::size_t>(wanted)};
}

Array read_data(const OpenArray& open) {
    std::vector<std::byte> data(open.data_size);
    const std::size_t count = open.archive.read(data, open.what);
    if (count != data.size()) {
        throw broken(open.what,
                     fmt::format("its data end after {} of {} bytes", count, data.size()));
    }
    // Reading past the last byte makes the archive compare the checksum.
    std::byte beyond{};
    if (open.archive.read({&beyond, 1}, open.what) != 0) {
        throw broken(open.what, "it holds more data than its header says");
    }
    return array_of_npy(open.header, std::move(data));
}

/// What `take` makes of every array, by name.
template <class Result, class Take>
std::map<std::string, Result> for_each_array(ArchiveReader archive, Take take) {
    std::map<std::string, Result> results;
    bool empty = true;
    while (const auto entry = archive.next()) {
        empty = false;
        if (!entry->name.ends_with(kSuffix)) continue;
        const auto name = entry->name.substr(0, entry->name.size() - kSuffix.size());
        const bool is_new = results.emplace(name, take(open_array(archive, *entry, name))).second;
        if (!is_new) throw broken(archive.name(), fmt::format("array {} is there twice", name));
    }
    if (results.empty() && !empty) throw broken(archive.name(), "it holds no .npy array");
    return results;
}

ArrayMap read_all(ArchiveReader archive) {
    return for_each_array<Array>(std::move(archive), read_data);
}

ArrayInfoMap list_all(ArchiveReader archive) {
    return for_each_array<ArrayInfo>(std::move(archive),
                                     [](const OpenArray& open) { return open.header.info; });
}

/// Writes a stored zip archive into an AtomicFile. Entries have no time of modification, which
/// the format reads as 1 January 1980.
class ZipWriter {
  public:
    explicit ZipWriter(const std::filesystem::path& path) : file_(path) {
        if (archive_ == nullptr) throw std::bad_alloc();
        check(archive_write_set_format_zip(archive_.get()));
        check(archive_write_zip_set_compression_store(archive_.get()));
        check(archive_write_set_bytes_per_block(archive_.get(), kBlock));
        check(archive_write_set_bytes_in_last_block(archive_.get(), 1));
        check(archive_write_open(archive_.get(), this, nullptr, pass_on, nullptr));
    }

    void begin(const std::string& name, std::size_t size) {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                             archive_entry_free);
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        check(archive_write_header(archive_.get(), entry.get()));
    }

    void write(std::span<const std::byte> bytes) {
        const auto count = archive_write_data(archive_.get(), bytes.data(), bytes.size());
        check(std::cmp_equal(count, bytes.size()) ? ARCHIVE_OK : ARCHIVE_FATAL);
    }

    void commit() {
        check(archive_write_close(archive_.get()));
        file_.commit();
    }

  private:
    static constexpr int kBlock = 1 << 20;

    static la_ssize_t pass_on(archive*, void* self, const void* bytes, std::size_t size) {
        auto& writer = *static_cast<ZipWriter*>(self);
        try {
            if (!writer.failure_) writer.file_.write({static_cast<const std::byte*>(bytes), size});
            return static_cast<la_ssize_t>(size);
        } catch (...) {
            writer.failure_ = std::current_exception();
            return -1;
        }
    }

    void check(int result) const {
        if (failure_) std::rethrow_exception(failure_);
        require(result == ARCHIVE_OK || result == ARCHIVE_WARN, "libarchive can write a zip");
    }

    AtomicFile file_;
    std::exception_ptr failure_;
    std::unique_ptr<archive, int (*)(archive*)> archive_{archive_write_new(), archive_write_free};
};

}  // namespace

ArrayMap read_npz(const std::filesystem::path& path) {
    return read_all(ArchiveReader(path, ArchiveFormat::kZip));
}
ArrayMap read_npz(std::span<const std::byte> file, const std::string& name) {
    return read_all(ArchiveReader(file, name));
}

ArrayInfoMap list_npz(const std::filesystem::path& path) {
    return list_all(ArchiveReader(path, ArchiveFormat::kZip));
}
ArrayInfoMap list_npz(std::span<const std::byte> file, const std::string& name) {
    return list_all(ArchiveReader(file, name));
}

void write_npz(const std::filesystem::path& path, const ArrayMap& arrays) {
    ZipWriter zip(path);
    for (const auto& [name, array] : arrays) {
        expect_whole(array);
        const auto header = format_npy_header({array.dtype, array.shape});
        zip.begin(fmt::format("{}{}", name, kSuffix), header.size() + array.bytes.size());
        zip.write(std::as_bytes(std::span(header)));
        zip.write(array.bytes);
    }
    zip.commit();
}

}  // namespace promptcl::io
