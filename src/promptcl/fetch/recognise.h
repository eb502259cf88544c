// Which data set a folder holds, told by the names in it.
#pragma once

#include <filesystem>
#include <string>

namespace promptcl::fetch {

/// The name in data/registry.h of what lies in `path`, a folder or an archive. MNIST and its
/// successors use the same names: they are told by the checksum of a file or by the folder's name.
/// Error when `path` is missing, UsageError when nothing tells.
std::string recognise(const std::filesystem::path& path);

}  // namespace promptcl::fetch
