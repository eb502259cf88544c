#include "promptcl/data/crop.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace promptcl::data {
namespace {

int rounded(double value) {
    return static_cast<int>(std::lrint(value));
}

/// The tallest height whose width still fits.
int fitting_height(double wanted, double aspect, int height, int width) {
    int tallest = std::min(rounded(wanted), height);
    if (rounded(tallest * aspect) > width) tallest = static_cast<int>((width + 0.5) / aspect);
    while (rounded(tallest * aspect) > width)
        --tallest;
    return tallest;
}

int random_corner(int free, Rng& rng) {
    return free > 0 ? static_cast<int>(rng.below(free)) : 0;
}

std::optional<Rect> try_crop(int height, int width, const CropRange& range, Rng& rng) {
    const double aspect = rng.uniform(range.min_aspect, range.max_aspect);
    const double pixels = static_cast<double>(height) * width;
    const double min_area = range.min_area * pixels, max_area = range.max_area * pixels;
    const auto area = [aspect](int rows) {
        return static_cast<double>(rows) * rounded(rows * aspect);
    };

    const int tallest = fitting_height(std::sqrt(max_area / aspect), aspect, height, width);
    const int lowest = std::min(rounded(std::sqrt(min_area / aspect)), tallest);
    int rows = lowest + static_cast<int>(rng.below(tallest - lowest + 1));
    // Rounding may have carried the area just over one of its bounds: one row more or less brings
    // it back.
    if (area(rows) < min_area) ++rows;
    if (area(rows) > max_area) --rows;

    const int columns = rounded(rows * aspect);
    const bool allowed = area(rows) >= min_area && area(rows) <= max_area && rows > 0 &&
                         rows <= height && columns > 0 && columns <= width;
    if (!allowed) return std::nullopt;
    const int top = random_corner(height - rows, rng);
    return Rect{top, random_corner(width - columns, rng), rows, columns};
}

}  // namespace

Rect random_crop(int height, int width, const CropRange& range, Rng& rng) {
    require(height > 0 && width > 0, "a crop needs an image");
    for (int attempt = 0; attempt < range.tries; ++attempt) {
        if (const auto crop = try_crop(height, width, range, rng)) return *crop;
    }
    return {0, 0, height, width};
}

}  // namespace promptcl::data
