// Numbers in a grid as colours.
#pragma once

#include "promptcl/report/page/markup.h"
#include "promptcl/report/results_table.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace promptcl::report {

enum class Ramp { kFraction, kCosine };  // 0 to 1, one hue; -1 to 1, two hues

struct HeatMap {
    std::string x_title, y_title;
    std::vector<std::string> columns, rows;   // their names, each once
    std::vector<std::vector<double>> values;  // [row][column]; NaN and what is missing stay blank
    Ramp ramp = Ramp::kFraction;
};

/// A Vega specification as wide as its cells need, less where there is less room.
nlohmann::ordered_json spec_of(const HeatMap& map);
/// The colours from the least to the greatest value.
Markup legend_of(const HeatMap& map);
/// Its numbers: percent, or cosines with two decimals.
Cells numbers_of(const HeatMap& map);

/// "1", "2", ... for n tasks.
std::vector<std::string> counted(std::size_t n, std::size_t first = 1);

}  // namespace promptcl::report
