#include "promptcl/report/page/bar_chart.h"

#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSpec = R"json({
  "autosize": {"type": "fit", "contains": "padding"}, "usermeta": {"fluid": true},
  "data": [{"name": "parts"}],
  "scales": [
    {"name": "x", "type": "linear", "range": "width"},
    {"name": "y", "type": "band", "range": "height", "paddingInner": 0.3, "paddingOuter": 0.15},
    {"name": "colour", "type": "ordinal"}
  ],
  "axes": [
    {"orient": "left", "scale": "y", "domain": false, "ticks": false, "labelOverlap": "parity", "labelLimit": 150,
     "aria": false},
    {"orient": "bottom", "scale": "x", "grid": true, "tickCount": 5, "domain": false, "ticks": false, "aria": false}
  ],
  "marks": [{"type": "rect", "from": {"data": "parts"}, "aria": false, "encode": {"update": {
    "x": {"scale": "x", "field": "begin"}, "x2": {"scale": "x", "field": "end"},
    "y": {"scale": "y", "field": "row"}, "height": {"scale": "y", "band": 1},
    "fill": {"scale": "colour", "field": "part"}, "stroke": {"value": "var(--paper)"}, "strokeWidth": {"value": 1},
    "tooltip": {"field": "tooltip"}}}}]
})json";

std::string shown(double value, const std::string& unit) {
    return unit == "%" ? percent(value) : fmt::format("{:.1f} {}", value, unit);
}

}  // namespace

Json spec_of(const BarChart& chart) {
    Json parts = Json::array(), names = Json::array(), colours = Json::array();
    double longest = 0;
    for (std::size_t row = 0; row < chart.rows.size(); ++row) {
        double end = 0;
        for (std::size_t p = 0; p < chart.parts.size(); ++p) {
            const double value = chart.values[row][p], begin = end;
            end += value;
            parts.push_back(
                {{"row", chart.rows[row]},
                 {"part", chart.parts[p].name},
                 {"begin", begin},
                 {"end", end},
                 {"tooltip", fmt::format("{} {}, {}: {}", chart.y_title, chart.rows[row],
                                         chart.parts[p].name, shown(value, chart.unit))}});
        }
        longest = std::max(longest, end);
    }
    for (const auto& part : chart.parts) {
        names.push_back(part.name);
        colours.push_back(part.colour);
    }
    constexpr double kBar = 26, kMost = 800, kBelow = 46;  // pixels: of a bar, of all, of the axis
    Json spec = Json::parse(kSpec);
    spec["height"] = std::min(kBar * static_cast<double>(chart.rows.size()), kMost) + kBelow;
    spec["data"][0]["values"] = parts;
    spec["scales"][0].update({{"domain", {0.0, chart.unit == "%" ? 1.0 : longest}}});
    spec["scales"][1]["domain"] = chart.rows;
    spec["scales"][2].update({{"domain", names}, {"range", colours}});
    spec["axes"][0]["title"] = chart.y_title;
    spec["axes"][1].update(
        {{"title", chart.x_title}, {"format", chart.unit == "%" ? ".0%" : "~s"}});
    return spec;
}

Markup legend_of(const BarChart& chart) {
    Markup items;
    for (const auto& part : chart.parts) {
        const auto box = element("i", {{"style", "background:" + part.colour}}, "");
        items += element("li", {}, box + text(part.name));
    }
    return element("ul", {{"class", "legend"}}, items);
}

Cells numbers_of(const BarChart& chart) {
    Cells cells{.header = {chart.y_title}, .rows = {}};
    for (const auto& part : chart.parts)
        cells.header.push_back(part.name);
    for (std::size_t row = 0; row < chart.rows.size(); ++row) {
        auto& line = cells.rows.emplace_back();
        line.push_back(chart.rows[row]);
        for (const double value : chart.values[row])
            line.push_back(shown(value, chart.unit));
    }
    return cells;
}

}  // namespace promptcl::report
