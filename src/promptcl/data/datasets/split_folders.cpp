#include "promptcl/data/datasets/split_folders.h"

#include "promptcl/data/datasets/data_tree.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

bool has_folder(const std::vector<io::FileTree::Entry>& entries, std::string_view folder) {
    return std::ranges::any_of(entries,
                               [&](const auto& entry) { return entry.path.starts_with(folder); });
}

/// The folder of the test pictures beside train/, or nothing.
std::string_view test_folder(const std::vector<io::FileTree::Entry>& entries) {
    if (!has_folder(entries, "train/")) return {};
    for (const std::string_view folder : {"test/", "val/"}) {
        if (has_folder(entries, folder)) return folder;
    }
    return {};
}

}  // namespace

std::vector<SplitFile> files_by_split(const io::FileTree& tree) {
    const auto entries = visible_files(tree);
    const auto tests = test_folder(entries);
    std::vector<SplitFile> files;
    for (const auto& entry : entries) {
        SplitFile file{.file = entry, .split = Split::kDrawn, .names = names_of(entry.path)};
        if (!tests.empty()) {
            const bool is_test = entry.path.starts_with(tests);
            if (!is_test && !entry.path.starts_with("train/")) continue;
            file.split = is_test ? Split::kTest : Split::kTrain;
            file.names.erase(file.names.begin());
        }
        files.push_back(std::move(file));
    }
    return files;
}

}  // namespace promptcl::data
