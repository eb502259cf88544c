// Folders of small pictures, one folder a class.
#pragma once

#include "promptcl/config/config.h"

#include "tests/data/picture_files.h"
#include "tests/support/temporary_folder.h"

#include <cstdint>
#include <string>

namespace promptcl::data {

inline config::Config image_folder_config(const TemporaryFolder& folder) {
    config::Config config;
    config.dataset = "image_folder";
    config.data_dir = folder.string();
    config.images.input_size = 32;
    return config;
}

/// `count` pictures of a flat red of their number, in the folder of a class.
inline void fill(const TemporaryFolder& folder, const std::string& name, int count) {
    for (int i = 0; i < count; ++i) {
        folder.write(name + "/" + std::to_string(100 + i) + ".png",
                     flat_png(8, 8, static_cast<std::uint8_t>(i), 0, 0));
    }
}

}  // namespace promptcl::data
