// Pictures that are decoded once.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/data/picture_pack.h"
#include "promptcl/io/file_tree.h"

#include <vector>

namespace promptcl::data {

/// The pictures of `files`, in their order, squashed to the size that Transform begins with unless
/// they are smaller: from the cache in config.cache_dir, which is built when it is missing, or in
/// memory without cache_dir. Files that hold no picture are marked as skipped.
///
/// A cache belongs to the paths, sizes and times of its files, to the squash size and to jpeg_dct.
/// It is checked by its SHA-256; a damaged one is noted and built again. Of several processes that
/// need the same one, the first builds it and the others wait. Error naming the file that cannot be
/// read or written.
PicturePack open_pictures(const io::FileTree& tree, const std::vector<io::FileTree::Entry>& files,
                          const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
