// The files below a folder or inside an archive, read alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace promptcl::io {

/// Any number of threads may read.
class FileTree {
  public:
    struct Entry {
        std::string path;           // below the root, with '/'
        std::int64_t size = 0;      // bytes, uncompressed
        std::int64_t modified = 0;  // when, in nanoseconds; of the archive that holds it
    };
    using Take = std::function<void(const std::string& path, std::string contents)>;

    /// A folder, a .zip, a .tar, or a .tar compressed by gzip; archives are told by their contents.
    /// Error when `path` is missing or unreadable.
    static std::unique_ptr<FileTree> open(const std::filesystem::path& path);

    virtual ~FileTree() = default;
    /// Every regular file, sorted by path. Error naming the folder or archive that cannot be read.
    virtual std::vector<Entry> list() const = 0;
    /// Hands the contents of each of `wanted`, which differ, to `take`: in the order of `wanted`
    /// for a folder, in one pass and in the archive's own order for an archive. Error naming the
    /// archive and the file that is missing, damaged or cut off.
    virtual void read(const std::vector<std::string>& wanted, const Take& take) const = 0;
};

}  // namespace promptcl::io
