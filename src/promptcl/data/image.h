// An 8-bit colour image, owned or looked at.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::data {

/// Pixels that somebody else owns: rows from top to bottom, in a row red, green, blue of each pixel
/// (HWC).
struct ImageView {
    int height = 0;
    int width = 0;
    std::span<const std::uint8_t> rgb;  // height * width * 3

    const std::uint8_t* row(int y) const {
        return rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width) * 3;
    }
};

/// Pixels of its own, in the same order.
struct Image {
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> rgb;

    /// Valid while this image lives and keeps its size.
    ImageView view() const { return {height, width, rgb}; }
};

}  // namespace promptcl::data
