#include "promptcl/data/resize.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace promptcl::data {
namespace {

constexpr int kChannels = 3;

/// Where one output coordinate reads: in[low] + (in[high] - in[low]) * fraction.
struct Tap {
    int low, high;
    float fraction;
};

/// The taps of every output coordinate x: the input coordinate is (x + 0.5) * in/out - 0.5, held
/// inside the input.
std::vector<Tap> taps(int in, int out, int offset) {
    const float scale = static_cast<float>(in) / static_cast<float>(out);
    std::vector<Tap> result(static_cast<std::size_t>(out));
    for (int x = 0; x < out; ++x) {
        const float position = (static_cast<float>(x) + 0.5f) * scale - 0.5f;
        const float below = std::floor(position);
        const int low = static_cast<int>(below);
        result[static_cast<std::size_t>(x)] = {offset + std::clamp(low, 0, in - 1),
                                               offset + std::clamp(low + 1, 0, in - 1),
                                               position - below};
    }
    return result;
}

/// How a row of floats lies in memory: value c of pixel x at x * pixel + c * channel.
struct Layout {
    std::size_t pixel, channel;
};

/// Source rows that are already resized horizontally; each is computed once as the output walks
/// down the image.
class WideRows {
  public:
    WideRows(ImageView image, std::vector<Tap> columns, Layout layout)
        : image_(image), columns_(std::move(columns)), layout_(layout) {
        for (auto& row : rows_)
            row.resize(columns_.size() * kChannels);
    }

    /// The two rows of a tap; valid until the next call.
    std::pair<const float*, const float*> of(const Tap& tap) {
        const float* low = row(tap.low, tap.high);
        return {low, row(tap.high, tap.low)};
    }

  private:
    const float* row(int y, int keep) {
        for (std::size_t slot = 0; slot < 2; ++slot) {
            if (held_[slot] == y) return rows_[slot].data();
        }
        const std::size_t slot = held_[0] == keep ? 1 : 0;
        held_[slot] = y;
        fill(image_.row(y), rows_[slot].data());
        return rows_[slot].data();
    }

    void fill(const std::uint8_t* source, float* target) const {
        for (const Tap& tap : columns_) {
            const std::uint8_t* low = source + tap.low * kChannels;
            const std::uint8_t* high = source + tap.high * kChannels;
            for (std::size_t c = 0; c < kChannels; ++c) {
                const auto left = static_cast<float>(low[c]);
                target[c * layout_.channel] =
                    left + (static_cast<float>(high[c]) - left) * tap.fraction;
            }
            target += layout_.pixel;
        }
    }

    ImageView image_;
    std::vector<Tap> columns_;
    Layout layout_;
    std::array<std::vector<float>, 2> rows_;
    std::array<int, 2> held_{-1, -1};
};

}  // namespace

Image resize(ImageView image, int height, int width) {
    require(image.height > 0 && image.width > 0 && height > 0 && width > 0, "resize needs pixels");
    const std::size_t row_size = static_cast<std::size_t>(width) * kChannels;
    Image result{height, width,
                 std::vector<std::uint8_t>(static_cast<std::size_t>(height) * row_size)};
    WideRows rows(image, taps(image.width, width, 0), {.pixel = kChannels, .channel = 1});
    std::uint8_t* target = result.rgb.data();
    for (const Tap& tap : taps(image.height, height, 0)) {
        const auto [low, high] = rows.of(tap);
        for (std::size_t i = 0; i < row_size; ++i) {
            target[i] = static_cast<std::uint8_t>(
                static_cast<int>(low[i] + (high[i] - low[i]) * tap.fraction));
        }
        target += row_size;
    }
    return result;
}

void resize_part(ImageView image, Rect part, Mirror mirror, int size, std::span<float> chw) {
    const auto side = static_cast<std::size_t>(size);
    require(part.top >= 0 && part.left >= 0 && part.height > 0 && part.width > 0 &&
                part.top + part.height <= image.height && part.left + part.width <= image.width,
            "the part to resize lies in the image");
    require(size > 0 && chw.size() == kChannels * side * side, "a resized part fills its span");
    auto columns = taps(part.width, size, part.left);
    if (mirror == Mirror::kYes) std::reverse(columns.begin(), columns.end());
    WideRows rows(image, std::move(columns), {.pixel = 1, .channel = side});
    float* target = chw.data();
    for (const Tap& tap : taps(part.height, size, part.top)) {
        const auto [low, high] = rows.of(tap);
        for (std::size_t c = 0; c < kChannels; ++c) {
            const float* upper = low + c * side;
            const float* lower = high + c * side;
            float* out = target + c * side * side;
            for (std::size_t x = 0; x < side; ++x) {
                out[x] = (upper[x] + (lower[x] - upper[x]) * tap.fraction) / 255.0f;
            }
        }
        target += side;
    }
}

}  // namespace promptcl::data
