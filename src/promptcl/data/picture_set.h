// A data set of picture files: which there are, then their images.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/io/file_tree.h"

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::data {

enum class Split { kTrain, kTest, kDrawn };  // drawn: promptcl divides them

struct ListedPicture {
    io::FileTree::Entry file;
    std::string group;  // a class, or a class of a task: divided together, named in errors
    std::int64_t label = 0;
    std::int64_t task = 0;  // of TaskLabels::names; not looked at without tasks
    Split split = Split::kDrawn;
};

/// Everything about a data set of pictures that can be said before one is read.
struct PictureListing {
    std::vector<std::string> class_names;
    std::vector<std::string> task_names;  // empty: not divided into tasks
    bool common_test = false;             // one test set for all tasks
    std::vector<ListedPicture> pictures;
};

/// Reads the pictures (data/picture_cache.h) and divides them. They stand in the order of split,
/// task and label, those of equal ones as listed.
///
/// One in five readable kDrawn pictures of a group, at least one, is a test picture, drawn in a way
/// that depends on nothing but the group's name and number of pictures. With config.data_split the
/// pictures that this file names are the test pictures and all others train, whatever their split.
///
/// origin() is the path in the tree. The SHA-256 is that of split, group, name and contents of the
/// files. A file that holds no picture is named in DataSource::skipped. Error naming a group with
/// too few readable pictures, or the line of data_split that names no picture.
DataSource open_picture_set(const io::FileTree& tree, PictureListing listing,
                            const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
