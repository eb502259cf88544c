// Named arrays in NumPy's .npz format: a zip archive of .npy files.
#pragma once

#include "promptcl/io/array.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace promptcl::io {

/// Every array of the archive, stored or deflated; the entry "a/b.npy" is the array "a/b". One
/// sentence of Error names the file, and the array where it is one that is broken: truncated, of an
/// unknown element type, announcing more data than its entry holds, failing its checksum.
ArrayMap read_npz(const std::filesystem::path& path);
/// The same for an archive in memory, called `name` in errors.
ArrayMap read_npz(std::span<const std::byte> file, const std::string& name);

/// The headers alone; the data are skipped, not read.
ArrayInfoMap list_npz(const std::filesystem::path& path);
ArrayInfoMap list_npz(std::span<const std::byte> file, const std::string& name);

/// Atomically (io/atomic_file.h), stored; the same arrays give the same bytes.
void write_npz(const std::filesystem::path& path, const ArrayMap& arrays);

}  // namespace promptcl::io
