// Data sets of random pictures.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/dataset.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace promptcl::input {

inline data::Image noise(int height, int width, Rng rng) {
    data::Image image{height, width, {}};
    for (int i = 0; i < height * width * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(rng.below(256)));
    return image;
}

/// Image i has the i-th size, the label i and noise of its own.
class Noises final : public data::Dataset {
  public:
    explicit Noises(const std::vector<std::pair<int, int>>& sizes, std::uint64_t seed = 1) {
        for (const auto& [height, width] : sizes)
            images_.push_back(noise(height, width, Rng(seed).fork("image", size())));
    }

    std::int64_t size() const override { return std::ssize(images_); }
    data::ImageView image(std::int64_t i) const override {
        return images_[static_cast<std::size_t>(i)].view();
    }
    std::int64_t label(std::int64_t i) const override { return i; }
    std::string origin(std::int64_t i) const override { return std::to_string(i); }

  private:
    std::vector<data::Image> images_;
};

}  // namespace promptcl::input
