#include "promptcl/data/datasets/tiny_imagenet.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/datasets/synset.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/picture_set.h"

#include <fmt/format.h>
#include <map>
#include <utility>

namespace promptcl::data {
namespace {

constexpr const char* kAnnotations = "val/val_annotations.txt";
constexpr std::string_view kHint = "take it from tiny-imagenet-200.zip again";

using Labels = std::map<std::string, std::int64_t>;  // of synsets

Labels read_labels(const io::FileTree& tree) {
    Labels labels;
    for (const auto& line : read_lines(tree, "wnids.txt")) {
        if (line.empty()) continue;
        if (!is_synset(line))
            throw Error(fmt::format("wnids.txt names {}, which is no synset", line), kHint);
        labels.emplace(line, std::ssize(labels));
    }
    return labels;
}

/// The synset of each test picture, by the name of its file.
std::map<std::string, std::string> read_annotations(const io::FileTree& tree,
                                                    const Labels& labels) {
    std::map<std::string, std::string> synsets;
    std::int64_t number = 0;
    for (const auto& line : read_lines(tree, kAnnotations)) {
        ++number;
        if (line.empty()) continue;
        const auto tab = std::min(line.find('\t'), line.size() - 1);
        const std::string synset = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
        if (!labels.contains(synset)) {
            throw Error(fmt::format("line {} of {} names the class \"{}\", which wnids.txt does "
                                    "not",
                                    number, kAnnotations, synset),
                        kHint);
        }
        synsets.emplace(line.substr(0, tab), synset);
    }
    return synsets;
}

std::vector<std::string> class_names(const Labels& labels, const io::FileTree& tree) {
    const auto known = synset_names(read_lines(tree, "words.txt"));
    std::vector<std::string> names(labels.size());
    for (const auto& [synset, label] : labels) {
        const auto found = known.find(synset);
        names[static_cast<std::size_t>(label)] = found == known.end() ? synset : found->second;
    }
    return names;
}

}  // namespace

DataSource open_tiny_imagenet(const config::Config& config, OpenObserver& observer) {
    const auto tree = open_data_tree(config, "tiny-imagenet-200");
    const Labels labels = read_labels(*tree);
    const auto annotations = read_annotations(*tree, labels);
    PictureListing listing{.class_names = class_names(labels, *tree),
                           .task_names = {},
                           .common_test = false,
                           .pictures = {}};
    const auto add = [&](io::FileTree::Entry& file, const std::string& synset, Split split) {
        listing.pictures.push_back(
            {.file = std::move(file), .group = synset, .label = labels.at(synset), .split = split});
    };
    for (auto& file : visible_files(*tree)) {
        const auto names = names_of(file.path);
        if (!is_picture(names.back())) continue;
        if (names.size() == 4 && names[0] == "train" && labels.contains(names[1])) {
            add(file, names[1], Split::kTrain);
        } else if (names.size() == 3 && names[0] == "val" && names[1] == "images") {
            const auto found = annotations.find(names[2]);
            if (found == annotations.end())
                throw Error(fmt::format("{} has no line for {}", kAnnotations, names[2]), kHint);
            add(file, found->second, Split::kTest);
        }
    }
    return open_picture_set(*tree, std::move(listing), config, observer);
}

}  // namespace promptcl::data
