// The outlines of the synthetic pictures, as distances.
#pragma once

#include <array>
#include <string_view>

namespace promptcl::data {

struct Point {
    double x = 0;
    double y = 0;  // downwards
};

/// A closed outline of about unit radius around the origin.
struct Shape {
    std::string_view name;
    /// Distance of a point to the outline, negative inside. Near the outline it is exact but for
    /// corners.
    double (*distance)(Point);
};

constexpr std::size_t kShapes = 8;
const std::array<Shape, kShapes>& shapes();

}  // namespace promptcl::data
