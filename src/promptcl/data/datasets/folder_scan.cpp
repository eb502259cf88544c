#include "promptcl/data/datasets/folder_scan.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// The entries of a folder that are not hidden, by name.
std::vector<fs::directory_entry> entries(const fs::path& folder) {
    std::error_code failure;
    std::vector<fs::directory_entry> found;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (!entry->path().filename().string().starts_with('.')) found.push_back(*entry);
    }
    if (failure) {
        throw Error(
            fmt::format("cannot read the folder {}: {}", folder.string(), failure.message()),
            "set data_dir to a folder with one sub-folder of pictures a class");
    }
    std::ranges::sort(found, {}, [](const fs::directory_entry& entry) {
        return entry.path().filename().string();
    });
    return found;
}

FolderScan scan_classes(const fs::path& folder) {
    FolderScan scan;
    for (const auto& entry : entries(folder)) {
        if (!entry.is_directory()) continue;
        const auto label = std::ssize(scan.class_names);
        scan.class_names.push_back(entry.path().filename().string());
        scan.folders.push_back(entry.path());
        for (const auto& file : entries(entry.path())) {
            if (is_picture(file.path()) && file.is_regular_file())
                scan.files.push_back({file.path(), label});
        }
    }
    if (scan.class_names.size() < 2) {
        throw Error(
            fmt::format("{} has {} class folders", folder.string(), scan.class_names.size()),
            "set data_dir to a folder with at least two sub-folders of pictures, one a class");
    }
    return scan;
}

void check_same_classes(const FolderScan& train, const FolderScan& test,
                        const fs::path& train_folder, const fs::path& test_folder) {
    const auto check = [](const FolderScan& has, const FolderScan& lacks, const fs::path& folder) {
        for (const auto& name : has.class_names) {
            if (std::ranges::find(lacks.class_names, name) != lacks.class_names.end()) continue;
            throw Error(fmt::format("{} lacks the class {}", folder.string(), name),
                        "both splits need the same class folders");
        }
    };
    check(test, train, train_folder);
    check(train, test, test_folder);
}

}  // namespace

bool is_picture(const fs::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

std::vector<FolderScan> scan_image_folder(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw Error(fmt::format("no folder {}", folder.string()),
                    "set data_dir to a folder with one sub-folder of pictures a class");
    }
    for (const std::string_view test_name : {"test", "val"}) {
        const fs::path train_folder = folder / "train", test_folder = folder / test_name;
        if (!fs::is_directory(train_folder, ignored) || !fs::is_directory(test_folder, ignored))
            continue;
        std::vector<FolderScan> splits{scan_classes(train_folder), scan_classes(test_folder)};
        check_same_classes(splits[0], splits[1], train_folder, test_folder);
        return splits;
    }
    return {scan_classes(folder)};
}

}  // namespace promptcl::data
