// Files that are either the old or the new one, never half of it.
#pragma once

#include "promptcl/io/file.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace promptcl::io {

/// Writes ".NAME.tmp" beside the target and renames it on commit(). Until then, and when anything
/// fails (a full disk, a folder that may not be written: Error naming the file), the old file stays
/// whole. What a killed process left behind is overwritten by the next writer of the same target;
/// two writers at a time are kept apart by a lock on the temporary.
class AtomicFile {
  public:
    /// While another writer is at it, `busy` is called again and again: it returns to wait or
    /// throws to give up. Without it the second writer is refused.
    explicit AtomicFile(std::filesystem::path target, const std::function<void()>& busy = {});
    /// Removes the temporary if commit() was never reached.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
    /// Lengthens what is written to `size` bytes, with zeros that take no room on the disk.
    void extend(std::int64_t size) { file_.truncate(size); }
    /// The contents are on the disk, then renamed, then the folder's entry is on the disk.
    void commit();

  private:
    std::filesystem::path target_, temporary_;
    File file_;
    bool committed_ = false;
};

void write_file_atomically(const std::filesystem::path& path, std::string_view contents);

}  // namespace promptcl::io
