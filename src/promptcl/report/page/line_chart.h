// Curves over tasks.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace promptcl::report {

struct Series {
    std::string name;     // for the pointer that rests on it
    std::size_t run = 0;  // gives colour and shape
    bool dashed = false;
    struct Point {
        double x = 0, y = 0;
    };
    std::vector<Point> points;
};

enum class Unit { kPercent, kNumber };  // kPercent: of fractions

struct LineChart {
    std::string x_title;
    double x_first = 0, x_last = 1;  // ends of the axis; whole numbers are marked
    Unit unit = Unit::kNumber;
    bool from_zero = false;    // the y axis begins at 0
    bool whole_range = false;  // it reaches from 0 to 1
    bool symbols = true;       // each point is marked
    std::vector<Series> series;
};

/// The runs that it has curves of.
std::set<std::size_t> runs_of(const LineChart& chart);
/// A Vega specification that grows as wide as there is room.
nlohmann::ordered_json spec_of(const LineChart& chart);

}  // namespace promptcl::report
