#include "promptcl/data/datasets/imagenet_r.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/datasets/synset.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/picture_set.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace promptcl::data {
namespace {

constexpr const char* kNames = "README.txt";

/// The synsets in their order, by the names that README.txt gives them.
std::vector<std::string> class_names(const std::vector<std::string>& synsets,
                                     const io::FileTree& tree, bool has_names) {
    const auto known =
        has_names ? synset_names(read_lines(tree, kNames)) : std::map<std::string, std::string>();
    std::vector<std::string> names;
    for (const auto& synset : synsets) {
        const auto found = known.find(synset);
        names.push_back(found == known.end() ? synset : found->second);
    }
    return names;
}

}  // namespace

DataSource open_imagenet_r(const config::Config& config, OpenObserver& observer) {
    const auto tree = open_data_tree(config, "imagenet-r");
    PictureListing listing;
    std::vector<std::string> synsets;
    bool has_names = false;
    for (auto& file : visible_files(*tree)) {  // sorted, so the files of a class stand together
        has_names |= file.path == kNames;
        const auto names = names_of(file.path);
        if (names.size() != 2 || !is_synset(names[0]) || !is_picture(names[1])) continue;
        if (synsets.empty() || synsets.back() != names[0]) synsets.push_back(names[0]);
        listing.pictures.push_back(
            {.file = std::move(file), .group = names[0], .label = std::ssize(synsets) - 1});
    }
    if (synsets.empty()) {
        throw Error(
            fmt::format("{} holds no folder such as n01443537 with pictures", config.data_dir),
            "set data_dir to the folder that holds imagenet-r.tar or imagenet-r");
    }
    listing.class_names = class_names(synsets, *tree, has_names);
    return open_picture_set(*tree, std::move(listing), config, observer);
}

}  // namespace promptcl::data
