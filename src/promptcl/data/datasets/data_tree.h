// Where the files of a data set lie.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/io/file_tree.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::data {

/// The files of the data set that config.data_dir names: an archive (zip, tar, tar.gz), or a
/// folder. `name` is what its authors call its top folder: where data_dir has such a sub-folder, or
/// else an archive `name`.zip, .tar, .tar.gz or .tgz, that is taken. The folder that all files of
/// an archive lie in is left out of their paths. UsageError without data_dir; Error naming what is
/// missing or unreadable.
std::unique_ptr<io::FileTree> open_data_tree(const config::Config& config, std::string_view name);

/// The lines of a text file of the tree, without line ends. Error naming a file that is missing.
std::vector<std::string> read_lines(const io::FileTree& tree, const std::string& path);

/// The names on the way to a file: {"a", "b", "c.png"} for "a/b/c.png".
std::vector<std::string> names_of(std::string_view path);

/// Its files, sorted by path, but none that is hidden or lies in a hidden folder: a name with a dot
/// at its beginning.
std::vector<io::FileTree::Entry> visible_files(const io::FileTree& tree);

}  // namespace promptcl::data
