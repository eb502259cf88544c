#include "promptcl/data/datasets/class_folders.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/datasets/split_folders.h"
#include "promptcl/data/image_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace promptcl::data {

ClassFolders list_class_folders(const io::FileTree& tree) {
    ClassFolders result;
    for (auto& [file, split, names] : files_by_split(tree)) {
        if (names.size() < 2) continue;
        auto& splits = result.classes[names[0]];
        if (names.size() != 2 || !is_picture(names[1])) continue;
        splits.insert(split);
        result.pictures.push_back(
            {.file = std::move(file), .group = std::move(names[0]), .split = split});
    }
    return result;
}

TeachingFolder::TeachingFolder(const config::Config& config)
    : config_(config), tree_(open_data_tree(config, {})), folders_(list_class_folders(*tree_)) {
    for (auto& picture : folders_.pictures) {
        if (picture.split == Split::kDrawn) picture.split = Split::kTrain;
    }
    for (const auto& [name, splits] : folders_.classes) {
        if (splits.empty() || splits == std::set{Split::kTest}) {
            throw Error(fmt::format("{} of {} holds no JPEG or PNG file{}", name, config.data_dir,
                                    splits.empty() ? "" : " to learn from"),
                        "put pictures into its folder or remove it");
        }
        class_names_.push_back(name);
    }
    if (class_names_.empty()) {
        throw Error(fmt::format("{} has no class folders", config.data_dir),
                    "give a folder with a sub-folder of pictures for each class");
    }
}

DataSource TeachingFolder::open(const std::vector<std::string>& all, OpenObserver& observer) {
    PictureListing listing{
        .class_names = all, .task_names = {}, .common_test = false, .pictures = folders_.pictures};
    for (auto& picture : listing.pictures) {
        const auto found = std::ranges::find(all, picture.group);
        require(found != all.end(), "a teaching folder is opened with all of its classes");
        picture.label = found - all.begin();
    }
    return open_picture_set(*tree_, std::move(listing), config_, observer);
}

}  // namespace promptcl::data
