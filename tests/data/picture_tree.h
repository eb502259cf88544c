// Data sets of pictures that a test writes, unpacked and packed.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/registry.h"
#include "promptcl/io/file.h"

#include "tests/data/picture_files.h"
#include "tests/io/tar_bytes.h"
#include "tests/io/zip_bytes.h"
#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::data {

inline DataSource open_set(const std::string& dataset, const std::filesystem::path& data_dir) {
    config::Config config;
    config.dataset = dataset;
    config.data_dir = data_dir.string();
    config.images.input_size = 32;
    return open_dataset(config);
}

/// What `open_set` refuses with.
inline std::string refusal_of(const std::string& dataset, const std::filesystem::path& data_dir) {
    try {
        open_set(dataset, data_dir);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

/// Every file of a folder, as path and contents.
inline std::vector<std::pair<std::string, std::string>> files_of(
    const std::filesystem::path& folder) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        files.emplace_back(entry.path().lexically_relative(folder).generic_string(),
                           io::read_file(entry.path()));
    }
    return files;
}

inline std::string tar_of(const std::filesystem::path& folder) {
    std::vector<io::TarEntry> entries;
    for (auto& [path, contents] : files_of(folder))
        entries.push_back({path, contents});
    return io::tar_bytes(entries);
}

inline std::string zip_of(const std::filesystem::path& folder) {
    std::vector<io::ZipEntry> entries;
    for (auto& [path, contents] : files_of(folder))
        entries.push_back(io::stored(path, contents));
    return io::zip_bytes(entries);
}

/// "cat/1.png 0" for each image: where it comes from and its label.
inline std::vector<std::string> lines_of(const Dataset& split) {
    std::vector<std::string> lines;
    for (std::int64_t i = 0; i < split.size(); ++i)
        lines.push_back(split.origin(i) + " " + std::to_string(split.label(i)));
    return lines;
}

}  // namespace promptcl::data
