#include "promptcl/data/augment/geometry.h"

#include "promptcl/data/augment/tones.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace promptcl::data::augment {

void transform(Image& image, const Affine& affine) {
    const Image original = image;
    std::uint8_t* target = image.rgb.data();
    for (int row = 0; row < image.height; ++row) {
        const auto y = static_cast<float>(row);
        for (int column = 0; column < image.width; ++column, target += 3) {
            const auto x = static_cast<float>(column);
            const float from_x = std::round(affine[0] * x + affine[1] * y + affine[2]);
            const float from_y = std::round(affine[3] * x + affine[4] * y + affine[5]);
            const bool inside = from_x >= 0 && from_x < static_cast<float>(image.width) &&
                                from_y >= 0 && from_y < static_cast<float>(image.height);
            if (inside) {
                const std::uint8_t* source =
                    original.view().row(static_cast<int>(from_y)) + 3 * static_cast<int>(from_x);
                std::copy_n(source, 3, target);
            } else {
                std::fill_n(target, 3, kGrey);
            }
        }
    }
}

Affine rotation(float degrees, int height, int width) {
    const float angle = degrees * static_cast<float>(std::numbers::pi / 180.0);
    const float cosine = std::cos(angle), sine = std::sin(angle);
    const float right = static_cast<float>(width) - 1, bottom = static_cast<float>(height) - 1;
    return {cosine, -sine,  (right - (cosine * right - sine * bottom)) / 2.0f,
            sine,   cosine, (bottom - (sine * right + cosine * bottom)) / 2.0f};
}

Affine shear_x(float level) {
    return {1, level, 0, 0, 1, 0};
}

Affine shear_y(float level) {
    return {1, 0, 0, level, 1, 0};
}

Affine translation_x(float pixels) {
    return {1, 0, pixels, 0, 1, 0};
}

Affine translation_y(float pixels) {
    return {1, 0, 0, 0, 1, pixels};
}

}  // namespace promptcl::data::augment
