#include "promptcl/report/page/heat_map.h"

#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace promptcl::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSpec = R"json({
  "autosize": {"type": "fit", "contains": "padding"},
  "data": [{"name": "cells"}],
  "scales": [
    {"name": "x", "type": "band", "range": "width", "paddingInner": 0.04},
    {"name": "y", "type": "band", "range": "height", "paddingInner": 0.04},
    {"name": "colour", "type": "threshold"},
    {"name": "ink", "type": "threshold"}
  ],
  "axes": [
    {"orient": "left", "scale": "y", "domain": false, "ticks": false, "labelOverlap": "parity", "aria": false},
    {"orient": "bottom", "scale": "x", "domain": false, "ticks": false, "labelOverlap": "parity", "aria": false}
  ],
  "marks": [
    {"type": "rect", "from": {"data": "cells"}, "aria": false, "encode": {"update": {
      "x": {"scale": "x", "field": "column"}, "width": {"scale": "x", "band": 1},
      "y": {"scale": "y", "field": "row"}, "height": {"scale": "y", "band": 1},
      "fill": {"scale": "colour", "field": "value"}, "cornerRadius": {"value": 2},
      "tooltip": {"field": "tooltip"}}}},
    {"type": "text", "from": {"data": "cells"}, "aria": false, "interactive": false, "encode": {"update": {
      "x": {"scale": "x", "field": "column", "band": 0.5}, "y": {"scale": "y", "field": "row", "band": 0.5},
      "align": {"value": "center"}, "baseline": {"value": "middle"}, "fontSize": {"value": 11},
      "fill": {"scale": "ink", "field": "value"}, "text": {"field": "text"},
      "opacity": {"signal": "bandwidth('x') > 26 && bandwidth('y') > 13 ? 1 : 0"}}}}
  ]
})json";

/// The steps of a ramp: colours --PREFIX-0 ... of page.css, and what is written on them.
struct Steps {
    std::string_view prefix;
    int count;
    double least, most;
};

Steps steps_of(Ramp ramp) {
    return ramp == Ramp::kFraction ? Steps{"heat", 10, 0, 1} : Steps{"pole", 9, -1, 1};
}

void set_ramp(Json& spec, const Steps& steps) {
    Json borders = Json::array(), colours = Json::array(), inks = Json::array();
    for (int step = 0; step < steps.count; ++step) {
        if (step > 0)
            borders.push_back(steps.least + (steps.most - steps.least) * step / steps.count);
        colours.push_back(fmt::format("var(--{}-{})", steps.prefix, step));
        inks.push_back(fmt::format("var(--on-{}-{})", steps.prefix, step));
    }
    spec["scales"][2].update({{"domain", borders}, {"range", colours}});
    spec["scales"][3].update({{"domain", borders}, {"range", inks}});
}

std::string shown(double value, Ramp ramp) {
    if (!std::isfinite(value)) return "-";
    return ramp == Ramp::kFraction ? percent(value) : fmt::format("{:.2f}", value);
}

std::string short_text(double value, Ramp ramp) {
    if (ramp == Ramp::kFraction) return fmt::format("{:.0f}", 100 * value);
    const std::string text = fmt::format("{:.1f}", value);
    return text == "-0.0" ? "0.0" : text;
}

Json cells_of(const HeatMap& map) {
    Json cells = Json::array();
    for (std::size_t r = 0; r < map.values.size(); ++r) {
        for (std::size_t c = 0; c < map.values[r].size(); ++c) {
            const double value = map.values[r][c];
            if (!std::isfinite(value)) continue;
            cells.push_back(
                {{"row", map.rows[r]},
                 {"column", map.columns[c]},
                 {"value", value},
                 {"text", short_text(value, map.ramp)},
                 {"tooltip", fmt::format("{} {}, {} {}: {}", map.y_title, map.rows[r], map.x_title,
                                         map.columns[c], shown(value, map.ramp))}});
        }
    }
    return cells;
}

}  // namespace

Json spec_of(const HeatMap& map) {
    // Pixels: of a cell, and of the axes with their titles beside and below the cells.
    constexpr double kRoom = 460, kLargest = 42, kSmallest = 9, kFlattest = 30;
    constexpr double kBeside = 58, kBelow = 46;
    constexpr double kNarrowest = 200, kLowest = 130;  // so that the titles have room
    const auto columns = static_cast<double>(map.columns.size());
    const double cell = std::clamp(kRoom / columns, kSmallest, kLargest);
    Json spec = Json::parse(kSpec);
    const auto rows = static_cast<double>(map.rows.size());
    spec["width"] = std::max(std::round(cell * columns + kBeside), kNarrowest);
    spec["height"] = std::max(std::round(std::min(cell, kFlattest) * rows + kBelow), kLowest);
    spec["data"][0]["values"] = cells_of(map);
    spec["scales"][0]["domain"] = map.columns;
    spec["scales"][1]["domain"] = map.rows;
    spec["axes"][0]["title"] = map.y_title;
    spec["axes"][1]["title"] = map.x_title;
    set_ramp(spec, steps_of(map.ramp));
    return spec;
}

Markup legend_of(const HeatMap& map) {
    const Steps steps = steps_of(map.ramp);
    Markup boxes = element("span", {}, map.ramp == Ramp::kFraction ? "0 %" : "-1");
    for (int step = 0; step < steps.count; ++step) {
        const auto colour = fmt::format("background:var(--{}-{})", steps.prefix, step);
        boxes += element("i", {{"style", colour}}, "");
    }
    boxes += element("span", {}, map.ramp == Ramp::kFraction ? "100 %" : "1");
    return element("p", {{"class", "ramp"}, {"aria-hidden", "true"}}, boxes);
}

Cells numbers_of(const HeatMap& map) {
    Cells cells{.header = {fmt::format("{} / {}", map.y_title, map.x_title)}, .rows = {}};
    cells.header.insert(cells.header.end(), map.columns.begin(), map.columns.end());
    for (std::size_t r = 0; r < map.rows.size(); ++r) {
        auto& line = cells.rows.emplace_back();
        line.push_back(map.rows[r]);
        for (std::size_t c = 0; c < map.columns.size(); ++c) {
            const bool there = c < map.values[r].size();
            line.push_back(shown(there ? map.values[r][c] : std::nan(""), map.ramp));
        }
    }
    return cells;
}

std::vector<std::string> counted(std::size_t n, std::size_t first) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n; ++i)
        names.push_back(std::to_string(first + i));
    return names;
}

}  // namespace promptcl::report
