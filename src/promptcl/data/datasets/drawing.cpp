#include "promptcl/data/datasets/drawing.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace promptcl::data {
namespace {

using Colour = std::array<double, 3>;

Colour mix(const Colour& a, const Colour& b, double share) {
    return {a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share,
            a[2] + (b[2] - a[2]) * share};
}

/// Hue in turns, saturation and value in [0, 1].
Colour from_hsv(double hue, double saturation, double value) {
    Colour colour;
    for (std::size_t c = 0; c < 3; ++c) {
        double turn = hue + static_cast<double>(3 - c) / 3.0;  // red 0, green 1/3, blue 2/3
        turn -= std::floor(turn);
        const double pure = std::clamp(std::abs(6 * turn - 3) - 1, 0.0, 1.0);
        colour[c] = value * (1 - saturation * (1 - pure));
    }
    return colour;
}

/// 0 to 1 over about a pixel where `distance` (in pixels) changes its sign from plus to minus.
double coverage(double distance) {
    return std::clamp(0.5 - distance, 0.0, 1.0);
}

/// A square wave of mean 1/2 whose edges are about a pixel wide.
double wave(double position, double period) {
    return std::clamp(0.5 + std::sin(2 * std::numbers::pi * position / period) * period / 4, 0.0,
                      1.0);
}

double plain(Point, double, double) {
    return 0.0;
}
double striped(Point p, double period, double) {
    return wave(p.y, period);
}
double checkered(Point p, double period, double) {
    const double a = 2 * wave(p.x, period * 1.3) - 1, b = 2 * wave(p.y, period * 1.3) - 1;
    return 0.5 + 0.5 * a * b;
}
double dotted(Point p, double period, double) {
    const double x = p.x - period * std::round(p.x / period),
                 y = p.y - period * std::round(p.y / period);
    return coverage(std::hypot(x, y) - 0.3 * period);
}
double shaded(Point p, double, double radius) {
    return std::clamp(0.5 + 0.6 * p.y / radius, 0.0, 1.0);
}

/// A patch of the ground that is no part of the shape.
struct Clutter {
    Point a, b;
    double radius;
    Colour colour;
};

/// Everything random about a picture but the noise.
struct Scene {
    Point centre;
    double radius, cosine, sine, period, phase_x, phase_y;
    Colour first, second, ground, ground_below;
    std::vector<Clutter> clutter;
    double brightness, noise;
};

void choose_colours(Scene& scene, double class_hue, Rng rng) {
    const double hue = class_hue + rng.uniform(-0.03, 0.03);
    const double ground_hue = hue + rng.uniform(0.2, 0.8);
    const bool light_shape = rng.uniform() < 0.5;
    const double strong = light_shape ? rng.uniform(0.8, 1.0) : rng.uniform(0.45, 0.65);
    const double weak = light_shape ? rng.uniform(0.3, 0.5) : rng.uniform(0.85, 1.0);
    scene.first = from_hsv(hue, rng.uniform(0.55, 1.0), strong);
    scene.second = from_hsv(hue + rng.uniform(-0.06, 0.06), rng.uniform(0.4, 1.0), weak);
    scene.ground = from_hsv(ground_hue, rng.uniform(0.1, 0.6), rng.uniform(0.25, 0.75));
    scene.ground_below = from_hsv(ground_hue + rng.uniform(-0.1, 0.1), rng.uniform(0.1, 0.6),
                                  rng.uniform(0.25, 0.75));
}

Clutter random_clutter(Rng& rng) {
    const Point start{rng.uniform(0, kDrawingSize), rng.uniform(0, kDrawingSize)};
    const double angle = rng.uniform(0, 2 * std::numbers::pi), length = rng.uniform(0, 14);
    const Point end{start.x + length * std::cos(angle), start.y + length * std::sin(angle)};
    const double radius = rng.uniform(0.6, 2.2);
    return {start, end, radius,
            from_hsv(rng.uniform(), rng.uniform(0.1, 0.8), rng.uniform(0.2, 0.9))};
}

Scene random_scene(double hue, const Rng& rng) {
    Scene scene{};
    Rng place = rng.fork("place");
    scene.radius = place.uniform(8.0, 12.0);
    const double slack = 0.5 * (kDrawingSize / 2.0 - scene.radius);
    scene.centre = {kDrawingSize / 2.0 + place.uniform(-slack, slack),
                    kDrawingSize / 2.0 + place.uniform(-slack, slack)};
    const double turn = place.uniform(-0.3, 0.3);
    scene.cosine = std::cos(turn);
    scene.sine = std::sin(turn);
    scene.period = place.uniform(4.5, 6.5);
    scene.phase_x = place.uniform(0, scene.period);
    scene.phase_y = place.uniform(0, scene.period);
    choose_colours(scene, hue, rng.fork("colours"));
    Rng clutter = rng.fork("clutter");
    for (auto patches = 1 + clutter.below(3); patches > 0; --patches)
        scene.clutter.push_back(random_clutter(clutter));
    Rng light = rng.fork("light");
    scene.brightness = light.uniform(0.85, 1.1);
    scene.noise = light.uniform(0.01, 0.04);
    return scene;
}

Colour ground_at(const Scene& scene, Point pixel) {
    Colour colour = mix(scene.ground, scene.ground_below, pixel.y / kDrawingSize);
    for (const Clutter& patch : scene.clutter) {
        const Point along{patch.b.x - patch.a.x, patch.b.y - patch.a.y};
        const Point from{pixel.x - patch.a.x, pixel.y - patch.a.y};
        const double length2 = std::max(along.x * along.x + along.y * along.y, 1e-9);
        const double t = std::clamp((from.x * along.x + from.y * along.y) / length2, 0.0, 1.0);
        const double distance =
            std::hypot(from.x - t * along.x, from.y - t * along.y) - patch.radius;
        colour = mix(colour, patch.colour, 0.75 * coverage(distance));
    }
    return colour;
}

Colour colour_at(const Scene& scene, const Shape& shape, const Fill& fill, Point pixel) {
    const Colour ground = ground_at(scene, pixel);
    const Point from{pixel.x - scene.centre.x, pixel.y - scene.centre.y};
    const Point turned{scene.cosine * from.x + scene.sine * from.y,
                       scene.cosine * from.y - scene.sine * from.x};
    const double inside =
        coverage(shape.distance({turned.x / scene.radius, turned.y / scene.radius}) * scene.radius);
    if (inside == 0.0) return ground;
    const bool is_pattern = fill.second_colour != shaded;
    const Point shifted =
        is_pattern ? Point{turned.x + scene.phase_x, turned.y + scene.phase_y} : turned;
    return mix(
        ground,
        mix(scene.first, scene.second, fill.second_colour(shifted, scene.period, scene.radius)),
        inside);
}

}  // namespace

const std::array<Fill, kFills>& fills() {
    static constexpr std::array<Fill, kFills> kAll{{{"plain", plain},
                                                    {"striped", striped},
                                                    {"checkered", checkered},
                                                    {"dotted", dotted},
                                                    {"shaded", shaded}}};
    return kAll;
}

Image draw(const Shape& shape, const Fill& fill, double hue, const Rng& rng) {
    const Scene scene = random_scene(hue, rng);
    Rng noise = rng.fork("noise");
    Image image{kDrawingSize, kDrawingSize, {}};
    image.rgb.reserve(std::size_t{kDrawingSize} * kDrawingSize * 3);
    for (int y = 0; y < kDrawingSize; ++y) {
        for (int x = 0; x < kDrawingSize; ++x) {
            for (const double value : colour_at(scene, shape, fill, {x + 0.5, y + 0.5})) {
                const double seen = value * scene.brightness + scene.noise * noise.normal();
                image.rgb.push_back(
                    static_cast<std::uint8_t>(std::lround(255 * std::clamp(seen, 0.0, 1.0))));
            }
        }
    }
    return image;
}

}  // namespace promptcl::data
