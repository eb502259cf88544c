#include "promptcl/report/page/run_style.h"

#include <array>
#include <fmt/format.h>
#include <string_view>

namespace promptcl::report {
namespace {

constexpr std::size_t kColours = 8;  // --run-0 ... of page.css

/// A symbol of Vega, and the same as a path in a box of 12 x 12.
struct Shape {
    std::string_view name, path;
};
constexpr std::array kShapes = {
    Shape{"circle", "M6 1.5a4.5 4.5 0 1 0 .01 0z"},     Shape{"square", "M2 2h8v8h-8z"},
    Shape{"triangle-up", "M6 1.5L11 10.5H1z"},          Shape{"diamond", "M6 0.5L11 6L6 11.5L1 6z"},
    Shape{"cross", "M4 1h4v3h3v4h-3v3h-4v-3h-3v-4h3z"}, Shape{"triangle-down", "M6 10.5L11 1.5H1z"},
};

const Shape& shape_of(std::size_t run) {
    // Runs with one colour get different shapes.
    return kShapes[(run + run / kColours) % kShapes.size()];
}

Markup mark(std::size_t run) {
    const auto path = element("path", {{"d", shape_of(run).path}, {"fill", run_colour(run)}}, "");
    return element("svg", {{"class", "mark"}, {"viewBox", "0 0 12 12"}, {"aria-hidden", "true"}},
                   path);
}

Markup line(std::string_view dashes) {
    const auto path = element("path",
                              {{"d", "M0 6h28"},
                               {"stroke", "var(--ink)"},
                               {"stroke-width", "2"},
                               {"stroke-dasharray", dashes}},
                              "");
    return element("svg", {{"class", "line"}, {"viewBox", "0 0 28 12"}, {"aria-hidden", "true"}},
                   path);
}

}  // namespace

std::string run_colour(std::size_t run) {
    return fmt::format("var(--run-{})", run % kColours);
}

std::string run_shape(std::size_t run) {
    return std::string(shape_of(run).name);
}

Markup run_legend(std::span<const RunRecord> runs, const std::set<std::size_t>& shown, Ways ways) {
    Markup items;
    if (runs.size() > 1) {
        for (const std::size_t run : shown)
            items += element("li", {}, mark(run) + text(runs[run].name));
    }
    if (ways == Ways::kBoth) {
        items += element("li", {}, line("none") + text("batch-wise"));
        items += element("li", {}, line("5 4") + text("instance-wise"));
    }
    return items.empty() ? items : element("ul", {{"class", "legend"}}, items);
}

Markup run_title(std::span<const RunRecord> runs, std::size_t run) {
    if (runs.size() == 1) return {};
    return element("h3", {{"class", "run"}}, mark(run) + text(runs[run].name));
}

}  // namespace promptcl::report
