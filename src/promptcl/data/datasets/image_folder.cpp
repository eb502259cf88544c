#include "promptcl/data/datasets/image_folder.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/datasets/split_folders.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/picture_set.h"

#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace promptcl::data {
namespace {

/// Which splits have pictures of a class.
using ClassSplits = std::map<std::string, std::set<Split>>;

void check_classes(const ClassSplits& classes, const config::Config& config) {
    if (classes.size() < 2) {
        throw Error(
            fmt::format("{} has {} class folders", config.data_dir, classes.size()),
            "set data_dir to a folder with at least two sub-folders of pictures, one a class");
    }
    std::set<Split> all;
    for (const auto& [name, splits] : classes)
        all.insert(splits.begin(), splits.end());
    if (all.empty()) all.insert(Split::kDrawn);
    for (const auto& [name, splits] : classes) {
        for (const Split split : all) {
            if (splits.contains(split)) continue;
            throw Error(
                split == Split::kDrawn
                    ? fmt::format("{} of {} holds no JPEG or PNG file", name, config.data_dir)
                    : fmt::format("the {} split of {} lacks the class {}",
                                  split == Split::kTest ? "test" : "train", config.data_dir, name),
                "put pictures into its folder or remove the class");
        }
    }
}

}  // namespace

DataSource open_image_folder(const config::Config& config, OpenObserver& observer) {
    const auto tree = open_data_tree(config, {});
    ClassSplits classes;
    PictureListing listing;
    for (auto& [file, split, names] : files_by_split(*tree)) {
        if (names.size() < 2) continue;
        auto& splits = classes[names[0]];
        if (names.size() != 2 || !is_picture(names[1])) continue;
        splits.insert(split);
        listing.pictures.push_back(
            {.file = std::move(file), .group = std::move(names[0]), .split = split});
    }
    check_classes(classes, config);
    std::map<std::string, std::int64_t> labels;
    for (const auto& [name, splits] : classes) {
        labels.emplace(name, std::ssize(labels));
        listing.class_names.push_back(name);
    }
    for (auto& picture : listing.pictures)
        picture.label = labels.at(picture.group);
    return open_picture_set(*tree, std::move(listing), config, observer);
}

}  // namespace promptcl::data
