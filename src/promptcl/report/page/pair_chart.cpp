#include "promptcl/report/page/pair_chart.h"

#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/run_style.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSpec = R"json({
  "autosize": {"type": "fit", "contains": "padding"}, "usermeta": {"fluid": true},
  "data": [{"name": "pairs"}],
  "scales": [
    {"name": "x", "type": "linear", "range": "width", "domain": [0, 1]},
    {"name": "y", "type": "point", "range": "height", "padding": 0.6}
  ],
  "axes": [
    {"orient": "left", "scale": "y", "grid": true, "domain": false, "ticks": false, "labelPadding": 12, "labelOverlap": "parity",
     "aria": false},
    {"orient": "bottom", "scale": "x", "format": ".0%", "tickCount": 5, "aria": false}
  ],
  "marks": [
    {"type": "rule", "from": {"data": "pairs"}, "aria": false, "encode": {"update": {
      "x": {"scale": "x", "field": "full"}, "x2": {"scale": "x", "field": "hollow"},
      "y": {"scale": "y", "field": "row"}, "strokeWidth": {"value": 3}, "strokeOpacity": {"value": 0.45}}}},
    {"type": "symbol", "from": {"data": "pairs"}, "aria": false, "encode": {"update": {
      "x": {"scale": "x", "field": "hollow"}, "y": {"scale": "y", "field": "row"}, "size": {"value": 110},
      "fill": {"value": "var(--paper)"}, "strokeWidth": {"value": 2}, "tooltip": {"field": "tooltip"}}}},
    {"type": "symbol", "from": {"data": "pairs"}, "aria": false, "encode": {"update": {
      "x": {"scale": "x", "field": "full"}, "y": {"scale": "y", "field": "row"}, "size": {"value": 45},
      "tooltip": {"field": "tooltip"}}}}
  ]
})json";

}  // namespace

Json spec_of(const PairChart& chart) {
    Json pairs = Json::array();
    for (std::size_t i = 0; i < chart.rows.size(); ++i) {
        pairs.push_back(
            {{"row", chart.rows[i]},
             {"full", chart.full[i]},
             {"hollow", chart.hollow[i]},
             {"tooltip",
              fmt::format("{} {}: batch-wise {}, instance-wise {}", chart.y_title, chart.rows[i],
                          percent(chart.full[i]), percent(chart.hollow[i]))}});
    }
    constexpr double kRow = 24, kMost = 800, kBelow = 46;  // pixels: of a row, of all, of the axis
    const Json colour = {{"value", run_colour(chart.run)}};
    Json spec = Json::parse(kSpec);
    spec["height"] = std::min(kRow * static_cast<double>(chart.rows.size()), kMost) + kBelow;
    spec["data"][0]["values"] = pairs;
    spec["scales"][1]["domain"] = chart.rows;
    spec["axes"][0]["title"] = chart.y_title;
    spec["axes"][1]["title"] = chart.x_title;
    spec["marks"][0]["encode"]["update"]["stroke"] = colour;
    spec["marks"][1]["encode"]["update"]["stroke"] = colour;
    spec["marks"][2]["encode"]["update"]["fill"] = colour;
    return spec;
}

}  // namespace promptcl::report
