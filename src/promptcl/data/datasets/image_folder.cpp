#include "promptcl/data/datasets/image_folder.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/class_folders.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/picture_set.h"

#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace promptcl::data {
namespace {

void check_classes(const std::map<std::string, std::set<Split>>& classes,
                   const config::Config& config) {
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
    auto [classes, pictures] = list_class_folders(*tree);
    check_classes(classes, config);
    std::map<std::string, std::int64_t> labels;
    PictureListing listing;
    listing.pictures = std::move(pictures);
    for (const auto& [name, splits] : classes) {
        labels.emplace(name, std::ssize(labels));
        listing.class_names.push_back(name);
    }
    for (auto& picture : listing.pictures)
        picture.label = labels.at(picture.group);
    return open_picture_set(*tree, std::move(listing), config, observer);
}

}  // namespace promptcl::data
