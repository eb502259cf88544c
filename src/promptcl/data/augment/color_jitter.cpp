#include "promptcl/data/augment/color_jitter.h"

#include "promptcl/data/augment/tones.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace promptcl::data::augment {
namespace {

constexpr std::size_t kChannels = 3;

/// Sixths of the circle, from red by way of yellow, green, cyan, blue and magenta back to red; and
/// the largest and the smallest of the three colours.
struct HueRange {
    float hue = 0, low = 0, high = 0;
};

struct Hsv {
    float hue = 0, saturation = 0, value = 0;  // each in [0, 1]
};

using Pixel = std::array<float, kChannels>;

template <class Change>
void change_pixels(std::span<float> rgb, const Change& change) {
    for (std::size_t i = 0; i + kChannels <= rgb.size(); i += kChannels) {
        const Pixel changed = change(Pixel{rgb[i], rgb[i + 1], rgb[i + 2]});
        std::ranges::copy(changed, rgb.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

Hsv hsv_of(const Pixel& pixel) {
    const auto [red, green, blue] = pixel;
    const float value = std::max({red, green, blue});
    const float range = value - std::min({red, green, blue});
    if (range <= 0) return {.value = value};
    const float norm = 1.0f / (6.0f * range);
    // TensorFlow adds the thirds in double.
    auto hue = static_cast<float>(norm * (red - green) + 4.0 / 6.0);
    if (red == value) {
        hue = norm * (green - blue);
    } else if (green == value) {
        hue = static_cast<float>(norm * (blue - red) + 2.0 / 6.0);
    }
    if (hue < 0) hue += 1;
    return {.hue = hue, .saturation = value > 0 ? range / value : 0, .value = value};
}

Pixel pixel_of(const Hsv& hsv) {
    const float chroma = hsv.saturation * hsv.value, least = hsv.value - chroma;
    const float sixths = hsv.hue * 6;
    float folded = sixths;
    while (folded >= 2)
        folded -= 2;
    const float middle = chroma * (1 - std::abs(folded - 1)) + least;
    const float most = chroma + least;
    switch (static_cast<int>(sixths)) {
        case 0:
            return {most, middle, least};
        case 1:
            return {middle, most, least};
        case 2:
            return {least, most, middle};
        case 3:
            return {least, middle, most};
        case 4:
            return {middle, least, most};
        case 5:
            return {most, least, middle};
        default:
            return {least, least, least};
    }
}

HueRange hue_range_of(const Pixel& pixel) {
    const auto [red, green, blue] = pixel;
    HueRange result{.low = std::min({red, green, blue}), .high = std::max({red, green, blue})};
    if (result.high == result.low) return result;
    const float middle = std::max(std::min(red, green), std::min(std::max(red, green), blue));
    const int sixth = red < green ? (blue < red     ? 1
                                     : blue > green ? 3
                                                    : 2)
                                  : (blue < green ? 0
                                     : blue > red ? 4
                                                  : 5);
    const float ratio = (middle - result.low) / (result.high - result.low);
    result.hue = static_cast<float>(sixth) + (sixth % 2 == 0 ? ratio : 1 - ratio);
    return result;
}

Pixel pixel_of(const HueRange& range) {
    const int sixth = static_cast<int>(range.hue);
    float ratio = range.hue - static_cast<float>(sixth);
    if (sixth % 2 != 0) ratio = 1 - ratio;
    const float low = range.low, high = range.high, middle = low + ratio * (high - low);
    switch (sixth) {
        case 0:
            return {high, middle, low};
        case 1:
            return {middle, high, low};
        case 2:
            return {low, high, middle};
        case 3:
            return {low, middle, high};
        case 4:
            return {middle, low, high};
        default:
            return {high, low, middle};
    }
}

/// The mean of each channel, added up by folding the pixels' second half onto the first, as
/// TensorFlow does.
Pixel means_of(std::span<const float> rgb) {
    std::vector<float> sums(rgb.begin(), rgb.end());
    const std::size_t pixels = rgb.size() / kChannels;
    for (std::size_t left = pixels; left > 1;) {
        const std::size_t right = left / 2;
        left -= right;
        for (std::size_t i = 0; i < right * kChannels; ++i)
            sums[i] += sums[left * kChannels + i];
    }
    const float share = 1.0f / static_cast<float>(pixels);
    return {sums[0] * share, sums[1] * share, sums[2] * share};
}

void cut_to_unit(std::span<float> rgb) {
    for (float& value : rgb)
        value = std::clamp(value, 0.0f, 1.0f);
}

void mirror(std::span<float> rgb, int width) {
    const std::size_t row = static_cast<std::size_t>(width) * kChannels;
    for (std::size_t start = 0; start + row <= rgb.size(); start += row) {
        for (std::size_t left = 0, right = row - kChannels; left < right;
             left += kChannels, right -= kChannels)
            std::swap_ranges(&rgb[start + left], &rgb[start + left] + kChannels,
                             &rgb[start + right]);
    }
}

float drawn(Rng rng, float low, float high) {
    return static_cast<float>(rng.uniform(low, high));
}

void jitter_colors(std::span<float> rgb, float strength, const Rng& rng) {
    const float spread = 0.8f * strength, turn = 0.2f * strength;
    if (strength == 0) return;
    for (const std::int64_t change : rng.fork("order").permutation(4)) {
        switch (change) {
            case 0: {
                const float factor =
                    drawn(rng.fork("brightness"), std::max(1 - spread, 0.0f), 1 + spread);
                for (float& value : rgb)
                    value *= factor;
                break;
            }
            case 1:
                adjust_contrast(rgb, drawn(rng.fork("contrast"), 1 - spread, 1 + spread));
                break;
            case 2:
                adjust_saturation(rgb, drawn(rng.fork("saturation"), 1 - spread, 1 + spread));
                break;
            default:
                adjust_hue(rgb, drawn(rng.fork("hue"), -turn, turn));
        }
        cut_to_unit(rgb);
    }
}

}  // namespace

void adjust_contrast(std::span<float> rgb, float factor) {
    const Pixel means = means_of(rgb);
    for (std::size_t i = 0; i < rgb.size(); ++i) {
        const float mean = means[i % kChannels];
        rgb[i] = (rgb[i] - mean) * factor + mean;
    }
}

void adjust_saturation(std::span<float> rgb, float factor) {
    change_pixels(rgb, [factor](const Pixel& pixel) {
        Hsv hsv = hsv_of(pixel);
        hsv.saturation = std::clamp(hsv.saturation * factor, 0.0f, 1.0f);
        return pixel_of(hsv);
    });
}

void adjust_hue(std::span<float> rgb, float delta) {
    change_pixels(rgb, [delta](const Pixel& pixel) {
        HueRange range = hue_range_of(pixel);
        range.hue += delta * 6;
        while (range.hue < 0)
            range.hue += 6;
        while (range.hue >= 6)
            range.hue -= 6;
        return pixel_of(range);
    });
}

void turn_grey(std::span<float> rgb) {
    change_pixels(rgb, [](const Pixel& pixel) {
        const float grey = luminance(pixel[0], pixel[1], pixel[2]);
        return Pixel{grey, grey, grey};
    });
}

void color_jitter(Image& image, float strength, const Rng& rng) {
    constexpr float kToUnit = 1.0f / 255.0f;
    std::vector<float> rgb(image.rgb.begin(), image.rgb.end());
    for (float& value : rgb)
        value *= kToUnit;
    if (rng.fork("flip").uniform() < 0.5) mirror(rgb, image.width);
    if (rng.fork("jitter").uniform() < 0.8) jitter_colors(rgb, strength, rng);
    if (rng.fork("grey").uniform() < 0.2) turn_grey(rgb);
    cut_to_unit(rgb);
    for (std::size_t i = 0; i < rgb.size(); ++i)
        image.rgb[i] = static_cast<std::uint8_t>(rgb[i] * 255.0f);
}

}  // namespace promptcl::data::augment
