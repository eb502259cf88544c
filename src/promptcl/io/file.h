// An open file of the operating system, with errors that name it.
#pragma once

#include "promptcl/core/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace promptcl::io {

/// One sentence on a failed system call: what could not be done to which file, why (`error_number`
/// is its errno), and what to do. `verb` is "read" or "write".
Error file_error(std::string_view verb, const std::filesystem::path& path, int error_number);

/// Closes the file at the end of its life. Calls interrupted by a signal are repeated.
class File {
  public:
    /// Error when `path` is missing, unreadable or a folder.
    static File open_to_read(const std::filesystem::path& path);
    /// `flags` as of open(2); O_CLOEXEC is added. Errors, now and later, name `shown` where given.
    static File open_to_write(const std::filesystem::path& path, int flags,
                              const std::filesystem::path& shown = {});

    /// A file without a name that lies in memory, to be written and mapped.
    static File in_memory(const std::string& shown);

    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    ~File();

    /// Fills `buffer` from the position on; fewer bytes only at the end of the file.
    std::size_t read(std::span<std::byte> buffer);
    /// Writes all of `bytes`, or throws Error with a part of them written.
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
    /// Writes all of `bytes` at `place`, wherever the file stands; any number of threads may.
    void write_at(std::int64_t place, std::span<const std::byte> bytes);
    /// Waits until the contents are on the disk.
    void sync();
    /// Cuts the file to `size` bytes, or lengthens it with zeros that take no room, and goes there.
    void truncate(std::int64_t size);
    std::int64_t size() const;

    const std::filesystem::path& name() const { return shown_; }
    int descriptor() const { return descriptor_; }

  private:
    File(std::filesystem::path shown, int descriptor);

    std::filesystem::path shown_;  // in errors
    int descriptor_;
};

/// Makes a folder and those above it, where they are missing. Error naming it, with `hint`, when it
/// cannot.
void make_folder(const std::filesystem::path& folder, std::string_view hint);

/// The whole file. Error when it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace promptcl::io
