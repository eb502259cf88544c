#include "promptcl/data/datasets/shapes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

namespace promptcl::data {
namespace {

double distance_to_segment(Point p, Point a, Point b) {
    const Point along{b.x - a.x, b.y - a.y}, from{p.x - a.x, p.y - a.y};
    const double length2 = along.x * along.x + along.y * along.y;
    const double t = std::clamp((from.x * along.x + from.y * along.y) / length2, 0.0, 1.0);
    return std::hypot(from.x - t * along.x, from.y - t * along.y);
}

/// Signed distance to a polygon: the nearest edge, and inside when a ray to the right crosses an
/// odd number of edges.
double polygon(Point p, std::span<const Point> corners) {
    double nearest = 1e9;
    bool inside = false;
    for (std::size_t i = 0, before = corners.size() - 1; i < corners.size(); before = i++) {
        const Point a = corners[before], b = corners[i];
        nearest = std::min(nearest, distance_to_segment(p, a, b));
        const bool spans = (a.y > p.y) != (b.y > p.y);
        if (spans && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y)) inside = !inside;
    }
    return inside ? -nearest : nearest;
}

/// Corners on a circle from the top on, whose radius alternates between `outer` and `inner`.
template <std::size_t count>
std::array<Point, count> corners_around(double outer, double inner) {
    std::array<Point, count> corners;
    for (std::size_t i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / count;
        const double radius = i % 2 == 0 ? outer : inner;
        corners[i] = {radius * std::sin(angle), -radius * std::cos(angle)};
    }
    return corners;
}

double circle(Point p, Point centre, double radius) {
    return std::hypot(p.x - centre.x, p.y - centre.y) - radius;
}

double disc(Point p) {
    return circle(p, {}, 0.95);
}

double square(Point p) {
    return polygon(
        p, std::array<Point, 4>{{{-0.85, -0.85}, {0.85, -0.85}, {0.85, 0.85}, {-0.85, 0.85}}});
}

double triangle(Point p) {
    return polygon(p, std::array<Point, 3>{{{0.0, -1.0}, {1.1, 0.85}, {-1.1, 0.85}}});
}

double star(Point p) {
    static const auto corners = corners_around<10>(1.2, 0.52);
    return polygon(p, corners);
}

double cross(Point p) {
    constexpr double w = 0.38, r = 1.05;
    return polygon(p, std::array<Point, 12>{{{-w, -r},
                                             {w, -r},
                                             {w, -w},
                                             {r, -w},
                                             {r, w},
                                             {w, w},
                                             {w, r},
                                             {-w, r},
                                             {-w, w},
                                             {-r, w},
                                             {-r, -w},
                                             {-w, -w}}});
}

double ring(Point p) {
    return std::abs(circle(p, {}, 0.72)) - 0.3;
}

double crescent(Point p) {
    return std::max(circle(p, {-0.05, 0}, 1.05), -circle(p, {0.55, -0.1}, 0.75));
}

double heart(Point p) {
    constexpr double side = 0.62;  // half the side of a square that stands on its corner
    const double lobe = side / std::numbers::sqrt2;
    const Point turned{(p.x + (p.y - 0.1)) / std::numbers::sqrt2,
                       ((p.y - 0.1) - p.x) / std::numbers::sqrt2};
    const double body = std::max(std::abs(turned.x), std::abs(turned.y)) - side;
    return std::min(
        {body, circle(p, {-lobe, 0.1 - lobe}, side), circle(p, {lobe, 0.1 - lobe}, side)});
}

}  // namespace

const std::array<Shape, kShapes>& shapes() {
    static constexpr std::array<Shape, kShapes> kAll{{{"disc", disc},
                                                      {"square", square},
                                                      {"triangle", triangle},
                                                      {"star", star},
                                                      {"cross", cross},
                                                      {"ring", ring},
                                                      {"crescent", crescent},
                                                      {"heart", heart}}};
    return kAll;
}

}  // namespace promptcl::data
