// The entries of a zip archive, one after the other.
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

class ZipReader {
  public:
    struct Entry {
        std::string name;
        std::int64_t size;  // uncompressed bytes, as the archive's directory announces them
    };

    /// Error when `path` cannot be read or is no zip archive.
    explicit ZipReader(const std::filesystem::path& path);
    /// `file` outlives the reader and is called `name` in errors.
    ZipReader(std::span<const std::byte> file, std::string name);

    /// Goes to the next entry, skipping what was not read of this one; nothing after the last.
    /// Error for an entry that announces more than a deflated archive of this size can hold.
    std::optional<Entry> next();
    /// Fills `buffer` from the data of the entry; fewer bytes only at its end, where its checksum
    /// is compared. `what` names the entry in errors.
    std::size_t read(std::span<std::byte> buffer, const std::string& what);

    const std::string& name() const { return name_; }

  private:
    struct Free {
        void operator()(archive* handle) const;
    };
    void check_opened(int result) const;

    std::string name_;
    std::int64_t file_size_;
    std::unique_ptr<archive, Free> archive_;
};

}  // namespace promptcl::io
