// One synthetic picture: a filled shape on a cluttered ground.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/datasets/shapes.h"
#include "promptcl/data/image.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace promptcl::data {

/// What lies between the two colours of a shape at a point of it.
struct Fill {
    std::string_view name;
    /// Share of the second colour in [0, 1] at a point in pixels from the centre, for a pattern of
    /// this period in pixels on a shape of this radius in pixels.
    double (*second_colour)(Point, double period, double radius);
};

constexpr std::size_t kFills = 5;
const std::array<Fill, kFills>& fills();

constexpr int kDrawingSize = 32;

/// The picture, kDrawingSize squared. The class decides shape, fill and hue (of a circle of length
/// 1, red at 0); the random numbers decide the rest: position, size, turn, shades, ground, clutter,
/// brightness and noise.
Image draw(const Shape& shape, const Fill& fill, double hue, const Rng& rng);

}  // namespace promptcl::data
