// The bytes of a file where the system keeps them.
#pragma once

#include "promptcl/io/file.h"

#include <cstddef>
#include <span>

namespace promptcl::io {

/// A whole file as memory to read from: its parts are loaded when they are looked at and dropped
/// when memory is short. It stays readable when the file is closed, renamed or replaced; the file
/// must not shrink.
class MappedFile {
  public:
    /// Error naming the file when it cannot be mapped.
    explicit MappedFile(const File& file);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const { return bytes_; }

  private:
    std::span<std::byte> bytes_;
};

}  // namespace promptcl::io
