// Reading and decoding many picture files.
#pragma once

#include "promptcl/data/image.h"
#include "promptcl/data/jpeg.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/io/file_tree.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace promptcl::data {

struct DecodedPicture {
    Image image;          // empty when it was skipped
    std::string skipped;  // why the contents are no picture
    std::string sha256;   // of the file
};

struct DecodePlan {
    std::vector<std::string> paths;  // in the tree; they differ
    int side = 0;                    // larger pictures are squashed to side x side
    JpegDct jpeg_dct = JpegDct::kAccurate;
    std::int64_t workers = 1;  // threads that decode
};

/// Hands every picture with its place in `paths` to `take`, one at a time and in any order. Only a
/// few are in memory at once. Throws what the tree, `take` or the observer throw.
void decode_pictures(const io::FileTree& tree, const DecodePlan& plan,
                     const std::function<void(std::int64_t, const DecodedPicture&)>& take,
                     OpenObserver& observer);

}  // namespace promptcl::data
