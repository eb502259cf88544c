// Which picture files a folder holds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::data {

struct PictureFile {
    std::filesystem::path path;
    std::int64_t label = 0;
};

/// The pictures of one split or, before the split is drawn, of all.
struct FolderScan {
    std::vector<std::string> class_names;
    std::vector<std::filesystem::path> folders;  // of the classes
    std::vector<PictureFile> files;              // by class, then by name
};

/// Whether a file is a JPEG or PNG by its name, in any case.
bool is_picture(const std::filesystem::path& path);

/// The splits a folder has by itself: {train, test} when it holds train/ and test/ or val/,
/// otherwise all pictures in one. Errors of open_image_folder.
std::vector<FolderScan> scan_image_folder(const std::filesystem::path& folder);

}  // namespace promptcl::data
