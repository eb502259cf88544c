// Picture files as a ViT wants them.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/transform.h"
#include "promptcl/engine/workers.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace promptcl::predict {

/// Some pictures, decoded and transformed: those that could be read, one behind the other.
struct LoadedImages {
    std::vector<float> pixels;          // [count, 3, S, S]
    std::vector<std::size_t> places;    // of each among the files
    std::vector<std::string> problems;  // of every file; empty for one that could be read
};

/// Reads JPEG and PNG files on several threads.
class ImageLoader {
  public:
    /// `threads`: 0 for one for each usable CPU.
    explicit ImageLoader(const config::Config& config, int threads = 0);

    LoadedImages load(std::span<const std::filesystem::path> files);

  private:
    data::Transform transform_;
    engine::Workers workers_;
};

}  // namespace promptcl::predict
