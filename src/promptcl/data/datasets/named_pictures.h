// Pictures whose class and task are given by name.
#pragma once

#include "promptcl/data/picture_set.h"

#include <string>
#include <vector>

namespace promptcl::data {

struct NamedPicture {
    io::FileTree::Entry file;
    std::string class_name;
    std::string task_name;  // empty for all: not divided into tasks
    Split split = Split::kDrawn;
};

/// Numbers classes and tasks in the order of their names: as numbers when all of them are, as texts
/// otherwise.
PictureListing listing_of(const std::vector<NamedPicture>& pictures);

}  // namespace promptcl::data
