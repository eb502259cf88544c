#include "promptcl/data/augment/tones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace promptcl::data::augment {
namespace {

constexpr std::size_t kChannels = 3;

/// tf.saturate_cast(value, tf.uint8).
std::uint8_t cut(float value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0.0f, 255.0f));
}

std::uint8_t cut(int value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

std::uint8_t blend(std::uint8_t degenerate, std::uint8_t value, float factor) {
    const auto from = static_cast<float>(degenerate), to = static_cast<float>(value);
    return cut(from + factor * (to - from));
}

/// tf.image.rgb_to_grayscale of an 8-bit pixel: by way of [0, 1] and back.
std::uint8_t grey_of(const std::uint8_t* pixel) {
    constexpr float kToUnit = 1.0f / 255.0f, kFromUnit = 255.5f;
    const auto unit = [&](std::size_t c) { return static_cast<float>(pixel[c]) * kToUnit; };
    return static_cast<std::uint8_t>(luminance(unit(0), unit(1), unit(2)) * kFromUnit);
}

template <class Change>
void change_values(Image& image, const Change& change) {
    for (std::uint8_t& value : image.rgb)
        value = change(value);
}

/// Each value x of each channel through a table of that channel.
template <class Table>
void look_up(Image& image, std::size_t channel, const Table& table) {
    for (std::size_t i = channel; i < image.rgb.size(); i += kChannels)
        image.rgb[i] = table[image.rgb[i]];
}

using Histogram = std::array<std::int64_t, 256>;

Histogram histogram_of(const Image& image, std::size_t channel) {
    Histogram result{};
    for (std::size_t i = channel; i < image.rgb.size(); i += kChannels)
        ++result[image.rgb[i]];
    return result;
}

}  // namespace

float luminance(float red, float green, float blue) {
    return red * 0.2989f + green * 0.587f + blue * 0.114f;
}

void autocontrast(Image& image) {
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        const Histogram histogram = histogram_of(image, channel);
        const auto held = [](std::int64_t count) { return count > 0; };
        const auto low = std::ranges::find_if(histogram, held) - histogram.begin();
        const auto high =
            255 - (std::find_if(histogram.rbegin(), histogram.rend(), held) - histogram.rbegin());
        if (high <= low) continue;
        const float scale = 255.0f / (static_cast<float>(high) - static_cast<float>(low));
        const float offset = -static_cast<float>(low) * scale;
        std::array<std::uint8_t, 256> table{};
        for (std::size_t x = 0; x < table.size(); ++x)
            table[x] = cut(static_cast<float>(x) * scale + offset);
        look_up(image, channel, table);
    }
}

void equalize(Image& image) {
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        const Histogram histogram = histogram_of(image, channel);
        const std::int64_t pixels = std::reduce(histogram.begin(), histogram.end());
        const auto largest = std::find_if(histogram.rbegin(), histogram.rend(),
                                          [](std::int64_t count) { return count > 0; });
        const std::int64_t step = (pixels - *largest) / 255;
        if (step == 0) continue;
        std::array<std::uint8_t, 256> table{};
        std::int64_t below = 0;
        for (std::size_t x = 1; x < table.size(); ++x) {
            below += histogram[x - 1];
            table[x] =
                static_cast<std::uint8_t>(std::min<std::int64_t>(255, (below + step / 2) / step));
        }
        look_up(image, channel, table);
    }
}

void invert(Image& image) {
    change_values(image, [](std::uint8_t x) { return static_cast<std::uint8_t>(255 - x); });
}

void posterize(Image& image, int bits) {
    const int shift = std::min(8 - bits, 7);
    change_values(
        image, [shift](std::uint8_t x) { return static_cast<std::uint8_t>(x >> shift << shift); });
}

void solarize(Image& image, int threshold) {
    const std::uint8_t first = cut(threshold);
    change_values(image, [first](std::uint8_t x) {
        return x < first ? x : static_cast<std::uint8_t>(255 - x);
    });
}

void solarize_add(Image& image, int addition) {
    change_values(image, [addition](std::uint8_t x) { return x < 128 ? cut(x + addition) : x; });
}

void color(Image& image, float factor) {
    for (std::size_t i = 0; i < image.rgb.size(); i += kChannels) {
        const std::uint8_t grey = grey_of(&image.rgb[i]);
        for (std::size_t c = 0; c < kChannels; ++c)
            image.rgb[i + c] = blend(grey, image.rgb[i + c], factor);
    }
}

void contrast(Image& image, float factor) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += kChannels)
        sum += grey_of(&image.rgb[i]);
    const auto pixels = static_cast<float>(image.rgb.size() / kChannels);
    const std::uint8_t mean = cut(static_cast<float>(sum) / pixels + 0.5f);
    change_values(image, [mean, factor](std::uint8_t x) { return blend(mean, x, factor); });
}

void brightness(Image& image, float factor) {
    change_values(image, [factor](std::uint8_t x) { return blend(0, x, factor); });
}

void sharpness(Image& image, float factor) {
    const std::vector<std::uint8_t> original = image.rgb;
    const auto width = static_cast<std::size_t>(image.width) * kChannels;
    const auto height = static_cast<std::size_t>(image.height);
    constexpr float kAround = 1.0f / 13.0f, kMiddle = 5.0f / 13.0f;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t i = y * width + x;
            const bool inside = y > 0 && y + 1 < height && x >= kChannels && x + kChannels < width;
            std::uint8_t smooth = original[i];
            if (inside) {
                float sum = 0;  // from the top left on, as the convolution adds up
                for (const std::size_t row : {i - width, i, i + width}) {
                    for (const std::size_t place : {row - kChannels, row, row + kChannels})
                        sum +=
                            static_cast<float>(original[place]) * (place == i ? kMiddle : kAround);
                }
                smooth = cut(sum);
            }
            image.rgb[i] = blend(smooth, original[i], factor);
        }
    }
}

void cutout(Image& image, float row, float column) {
    const auto bounds = [](float middle, int size) {
        const auto whole = static_cast<float>(size);
        const float half = std::floor(whole * 0.5f / 2.0f);
        return std::pair(static_cast<int>(std::max(0.0f, middle - half)),
                         static_cast<int>(std::min(whole, middle + half)));
    };
    const auto [top, bottom] = bounds(row, image.height);
    const auto [left, right] = bounds(column, image.width);
    for (int y = top; y < bottom; ++y) {
        const auto line = static_cast<std::ptrdiff_t>(y) * image.width;
        std::fill(image.rgb.begin() + 3 * (line + left), image.rgb.begin() + 3 * (line + right),
                  kGrey);
    }
}

}  // namespace promptcl::data::augment
