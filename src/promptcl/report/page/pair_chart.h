// Two values of each task, and how far they lie apart.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace promptcl::report {

struct PairChart {
    std::size_t run = 0;  // gives the colour
    std::string x_title, y_title;
    std::vector<std::string> rows;     // their names, each once
    std::vector<double> full, hollow;  // fractions: a full and a hollow mark in each row
};

/// A Vega specification that grows as wide as there is room.
nlohmann::ordered_json spec_of(const PairChart& chart);

}  // namespace promptcl::report
