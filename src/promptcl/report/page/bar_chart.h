// Parts of a whole as lying bars, one for each row.
#pragma once

#include "promptcl/report/page/markup.h"
#include "promptcl/report/results_table.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace promptcl::report {

struct BarChart {
    struct Part {
        std::string name, colour;  // a CSS colour
    };
    std::string x_title, y_title;
    std::string unit;                         // "%" of values that are fractions, or "s"
    std::vector<Part> parts;                  // from left to right
    std::vector<std::string> rows;            // their names, each once
    std::vector<std::vector<double>> values;  // [row][part]
};

/// A Vega specification that grows as wide as there is room.
nlohmann::ordered_json spec_of(const BarChart& chart);
Markup legend_of(const BarChart& chart);
Cells numbers_of(const BarChart& chart);

}  // namespace promptcl::report
