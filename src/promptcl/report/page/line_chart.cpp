#include "promptcl/report/page/line_chart.h"

#include "promptcl/report/page/run_style.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSpec = R"json({
  "height": 250, "autosize": {"type": "fit", "contains": "padding"}, "usermeta": {"fluid": true},
  "data": [{"name": "points"}],
  "scales": [
    {"name": "x", "type": "linear", "range": "width", "zero": false},
    {"name": "y", "type": "linear", "range": "height", "nice": true, "domain": {"data": "points", "field": "y"}},
    {"name": "colour", "type": "ordinal"},
    {"name": "shape", "type": "ordinal"},
    {"name": "dash", "type": "ordinal", "domain": [false, true], "range": [[1, 0], [5, 4]]}
  ],
  "axes": [
    {"orient": "left", "scale": "y", "grid": true, "tickCount": 5, "domain": false, "ticks": false, "aria": false},
    {"orient": "bottom", "scale": "x", "labelOverlap": "greedy", "format": "d", "aria": false}
  ],
  "marks": [{
    "type": "group", "from": {"facet": {"name": "series", "data": "points", "groupby": "series"}},
    "marks": [
      {"type": "line", "from": {"data": "series"}, "aria": false, "encode": {"update": {
        "x": {"scale": "x", "field": "x"}, "y": {"scale": "y", "field": "y"}, "strokeWidth": {"value": 2},
        "strokeJoin": {"value": "round"}, "stroke": {"scale": "colour", "field": "run"},
        "strokeDash": {"scale": "dash", "field": "dashed"}}}},
      {"type": "symbol", "from": {"data": "series"}, "aria": false, "encode": {"update": {
        "x": {"scale": "x", "field": "x"}, "y": {"scale": "y", "field": "y"}, "size": {"value": 55},
        "shape": {"scale": "shape", "field": "run"}, "fill": {"scale": "colour", "field": "run"},
        "stroke": {"value": "var(--paper)"}, "strokeWidth": {"value": 1},
        "tooltip": {"field": "tooltip"}}}}
    ]
  }]
})json";

/// Whole numbers from first to last, at most a dozen steps apart from each other.
Json whole_numbers(double first, double last) {
    const double step = std::max(1.0, std::ceil((last - first) / 12));
    Json values = Json::array();
    for (double value = std::ceil(first); value <= last; value += step)
        values.push_back(value);
    return values;
}

std::string shown(double y, Unit unit) {
    return unit == Unit::kPercent ? fmt::format("{:.2f} %", 100 * y) : fmt::format("{:.4g}", y);
}

Json points_of(const LineChart& chart) {
    Json points = Json::array();
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
        const Series& series = chart.series[s];
        for (const auto& point : series.points) {
            points.push_back(
                {{"x", point.x},
                 {"y", point.y},
                 {"series", s},
                 {"run", series.run},
                 {"dashed", series.dashed},
                 {"tooltip", fmt::format("{}, {} {:.3g}: {}", series.name, chart.x_title, point.x,
                                         shown(point.y, chart.unit))}});
        }
    }
    return points;
}

}  // namespace

std::set<std::size_t> runs_of(const LineChart& chart) {
    std::set<std::size_t> runs;
    for (const Series& series : chart.series)
        runs.insert(series.run);
    return runs;
}

Json spec_of(const LineChart& chart) {
    Json spec = Json::parse(kSpec);
    const auto runs = runs_of(chart);
    Json colours = Json::array(), shapes = Json::array();
    for (const std::size_t run : runs) {
        colours.push_back(run_colour(run));
        shapes.push_back(run_shape(run));
    }
    spec["data"][0]["values"] = points_of(chart);
    spec["scales"][0]["domain"] = {chart.x_first, chart.x_last};
    spec["scales"][1]["zero"] = chart.from_zero;
    if (chart.whole_range) spec["scales"][1]["domain"] = {0, 1};
    spec["scales"][2].update({{"domain", runs}, {"range", colours}});
    spec["scales"][3].update({{"domain", runs}, {"range", shapes}});
    spec["axes"][0]["format"] = chart.unit == Unit::kPercent ? ".0%" : "~g";
    spec["axes"][1].update(
        {{"title", chart.x_title}, {"values", whole_numbers(chart.x_first, chart.x_last)}});
    if (chart.symbols)
        spec["scales"][0]["padding"] = 12;  // pixels, so that none hides the axis
    else
        spec["marks"][0]["marks"].erase(1);
    return spec;
}

}  // namespace promptcl::report
