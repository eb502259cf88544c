// Which split a file belongs to by the folder it lies in.
#pragma once

#include "promptcl/data/picture_set.h"
#include "promptcl/io/file_tree.h"

#include <string>
#include <vector>

namespace promptcl::data {

struct SplitFile {
    io::FileTree::Entry file;
    Split split = Split::kDrawn;
    std::vector<std::string> names;  // on the way to it, below the folder of its split
};

/// The files of a tree, sorted by path, without hidden ones: those below train/ and test/ (or val/)
/// where it has both, otherwise all, with the split to be drawn.
std::vector<SplitFile> files_by_split(const io::FileTree& tree);

}  // namespace promptcl::data
