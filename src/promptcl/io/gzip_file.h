// A file that may be compressed by gzip, read from its beginning to its end.
#pragma once

#include "promptcl/core/error.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

struct gzFile_s;

namespace promptcl::io {

class GzipFile {
  public:
    /// Error when `path` is missing, unreadable or a folder.
    explicit GzipFile(const std::filesystem::path& path);

    /// Fills `buffer` from the position on, decompressed where the file is compressed; fewer bytes
    /// only at its end, where the checksum is compared. Error naming the file when it is damaged or
    /// cut off.
    std::size_t read(std::span<std::byte> buffer);

  private:
    struct Close {
        void operator()(gzFile_s* file) const;
    };
    Error broken() const;

    std::string name_;
    std::unique_ptr<gzFile_s, Close> file_;
};

/// The whole file, decompressed. Errors of GzipFile, and one for more than 4 GiB.
std::string read_gzip_file(const std::filesystem::path& path);

}  // namespace promptcl::io
