// The files in a zip or tar archive, one after the other.
#pragma once

#include "promptcl/core/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct archive;

namespace promptcl::io {

enum class ArchiveFormat { kZip, kTar };  // a tar may be compressed by gzip

class ArchiveReader {
  public:
    struct Entry {
        std::string name;
        std::int64_t size;  // uncompressed bytes, as the archive announces them
    };

    /// Error when `path` cannot be read or is no archive of this format.
    ArchiveReader(const std::filesystem::path& path, ArchiveFormat format);
    /// A zip in memory. `file` outlives the reader and is called `name` in errors.
    ArchiveReader(std::span<const std::byte> file, std::string name);
    ArchiveReader(ArchiveReader&&) noexcept;
    ~ArchiveReader();

    /// Goes to the next regular file, skipping what was not read of this one; nothing after the
    /// last. Error for one that announces more than a deflated archive of this size can hold, and
    /// for an archive that is damaged or cut off before its end.
    std::optional<Entry> next();
    /// Fills `buffer` from the data of the entry; fewer bytes only at its end, where a zip compares
    /// its checksum. `what` names the entry in errors.
    std::size_t read(std::span<std::byte> buffer, const std::string& what);

    const std::string& name() const { return name_; }

  private:
    struct TarBytes;
    struct Free {
        void operator()(archive* handle) const;
    };
    void check(bool done, const std::string& what) const;

    std::string name_;
    std::int64_t file_size_;
    ArchiveFormat format_;
    std::unique_ptr<TarBytes> tar_;  // outlives the archive, which reads it
    std::unique_ptr<archive, Free> archive_;
};

}  // namespace promptcl::io
