#include "promptcl/data/datasets/task_folder.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/datasets/named_pictures.h"
#include "promptcl/data/datasets/split_folders.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/picture_set.h"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace promptcl::data {

DataSource open_task_folder(const config::Config& config, OpenObserver& observer) {
    const auto tree = open_data_tree(config, {});
    std::vector<NamedPicture> pictures;
    for (auto& [file, split, names] : files_by_split(*tree)) {
        if (names.size() != 3 || !is_picture(names[2])) continue;
        pictures.push_back({.file = std::move(file),
                            .class_name = std::move(names[1]),
                            .task_name = std::move(names[0]),
                            .split = split});
    }
    if (pictures.empty()) {
        throw Error(
            fmt::format("{} holds no pictures in folders of the form task/class", config.data_dir),
            "give a folder of tasks, or set dataset=image_folder for a folder of classes");
    }
    return open_picture_set(*tree, listing_of(pictures), config, observer);
}

}  // namespace promptcl::data
