// The part of a file that has come so far.
#pragma once

#include "promptcl/io/file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace promptcl::fetch {

/// TARGET.part, locked against a second process. It stays where it is, unless it is empty, until
/// finish() or remove().
class PartFile {
  public:
    /// Error when it cannot be written or another process has it.
    explicit PartFile(std::filesystem::path target);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    std::int64_t size() const { return file_.size(); }
    const std::filesystem::path& path() const { return path_; }

    /// Error when the disk is full.
    void append(std::span<const std::byte> bytes) { file_.write(bytes); }
    /// Error naming both figures unless `bytes` more fit on the disk.
    void require_space(std::int64_t bytes) const;
    void clear() { file_.truncate(0); }
    /// Whole and on the disk under the name of the target.
    void finish();
    void remove();

  private:
    std::filesystem::path target_, path_;
    io::File file_;
};

}  // namespace promptcl::fetch
