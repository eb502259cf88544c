#include "promptcl/core/human.h"
#include "promptcl/report/curves.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/line_chart.h"
#include "promptcl/report/page/sections.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

constexpr std::size_t kMostPoints = 400;  // of one curve, about one a pixel

struct Tag {
    std::string_view tag, title, note;
    Unit unit;
};

/// First and last value of each task, run by run.
Cells numbers_of(Runs runs, std::string_view tag, Unit unit) {
    const auto shown = [&](double value) {
        return unit == Unit::kPercent ? percent(value, 2) : fmt::format("{:.4g}", value);
    };
    Cells cells{.header = {"run", "task", "first", "mean", "last"}, .rows = {}};
    for (const RunRecord& run : runs) {
        const auto curve = training_curve(run.events, tag);
        for (auto first = curve.begin(); first != curve.end();) {
            const auto ends = [](const CurvePoint& point) { return std::ceil(point.tasks); };
            const auto behind = std::find_if(first, curve.end(), [&](const CurvePoint& point) {
                return ends(point) != ends(*first);
            });
            double sum = 0;
            for (auto point = first; point != behind; ++point)
                sum += point->value;
            cells.rows.push_back(
                {run.name, fmt::format("{:.0f}", ends(*first)), shown(first->value),
                 shown(sum / static_cast<double>(behind - first)), shown((behind - 1)->value)});
            first = behind;
        }
    }
    return cells;
}

Markup curve(Runs runs, const Tag& what) {
    LineChart chart{.x_title = "tasks",
                    .x_first = 0,
                    .x_last = 1,
                    .unit = what.unit,
                    .symbols = false,
                    .series = {}};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto points = thinned(training_curve(runs[i].events, what.tag), kMostPoints);
        if (points.empty()) continue;
        auto& series = chart.series.emplace_back(Series{.name = runs[i].name, .run = i});
        for (const CurvePoint& point : points)
            series.points.push_back({point.tasks, point.value});
        chart.x_last = std::max(chart.x_last, std::ceil(points.back().tasks));
    }
    if (chart.series.empty()) return {};
    return figure({.title = std::string(what.title),
                   .note = std::string(what.note),
                   .legend = run_legend(runs, runs_of(chart), Ways::kOne),
                   .spec = spec_of(chart),
                   .numbers = numbers_of(runs, what.tag, what.unit)});
}

}  // namespace

Section training_section(Runs runs) {
    const auto figures =
        curve(runs, {"loss", "Training loss",
                     "The mean since the last point, with the pull of the keys taken off where "
                     "prompts are chosen by them: it may fall below 0.",
                     Unit::kNumber}) +
        curve(runs, {"train_accuracy", "Training accuracy, in percent",
                     "On augmented images, among the classes of the task where it is masked.",
                     Unit::kPercent});
    Markup content =
        figures.empty()
            ? missing("No run has curves: its folder holds no event file, or nothing was trained.")
            : side_by_side(figures);
    return {"training", "Training, step by step", content};
}

}  // namespace promptcl::report
