#include "promptcl/data/datasets/not_mnist.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/picture_set.h"

#include <array>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJ";

}  // namespace

DataSource open_not_mnist(const config::Config& config, OpenObserver& observer) {
    const auto tree = open_data_tree(config, "notMNIST_small");
    PictureListing listing;
    std::array<bool, kLetters.size()> found{};
    for (auto& file : visible_files(*tree)) {
        const auto names = names_of(file.path);
        if (names.size() != 2 || names[0].size() != 1) continue;
        const auto label = kLetters.find(names[0]);
        if (label == std::string_view::npos || !is_picture(names[1])) continue;
        found[label] = true;
        listing.pictures.push_back({.file = std::move(file),
                                    .group = names[0],
                                    .label = static_cast<std::int64_t>(label)});
    }
    for (std::size_t label = 0; label < kLetters.size(); ++label) {
        listing.class_names.emplace_back(1, kLetters[label]);
        if (found[label]) continue;
        throw Error(
            fmt::format("{} holds no folder {} with pictures", config.data_dir, kLetters[label]),
            "set data_dir to the folder that holds notMNIST_small.tar.gz or notMNIST_small");
    }
    return open_picture_set(*tree, std::move(listing), config, observer);
}

}  // namespace promptcl::data
