// Reading the repository's own files.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::architecture {

inline std::filesystem::path repository() {
    return PROMPTCL_SOURCE_DIR;
}

/// The file's path from the root of the repository, as messages name it.
inline std::string name_of(const std::filesystem::path& file) {
    return file.lexically_relative(repository()).generic_string();
}

/// All files below `folder` (from the root of the repository) with one of the extensions (none:
/// any), in the order of their names; nothing when there is no such folder.
inline std::vector<std::filesystem::path> files_below(
    std::string_view folder, std::initializer_list<std::string_view> extensions = {}) {
    std::vector<std::filesystem::path> files;
    const std::filesystem::path root = repository() / folder;
    if (!std::filesystem::is_directory(root)) return files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        const bool wanted = extensions.size() == 0 ||
                            std::find(extensions.begin(), extensions.end(),
                                      entry.path().extension().string()) != extensions.end();
        if (entry.is_regular_file() && wanted) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

}  // namespace promptcl::architecture
