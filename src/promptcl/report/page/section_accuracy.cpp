#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/line_chart.h"
#include "promptcl/report/page/sections.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <optional>

namespace promptcl::report {
namespace {

/// A figure after task t; nothing where the run does not have it.
using FigureAfter =
    std::function<std::optional<double>(const metrics::AccuracyMatrix&, std::int64_t)>;

std::int64_t most_tasks(Runs runs) {
    std::int64_t most = 1;
    for (const RunRecord& run : runs)
        most = std::max(most, run.results.configured.matrix.tasks());
    return most;
}

Series series_of(const RunRecord& run, std::size_t number, bool instance,
                 const FigureAfter& value) {
    const auto& matrix = (instance ? run.results.instance : run.results.configured).matrix;
    Series series{
        .name = fmt::format("{}, {}", run.name, instance ? "instance-wise" : "batch-wise"),
        .run = number,
        .dashed = instance,
        .points = {}};
    for (std::int64_t task = 0; task < matrix.tasks(); ++task) {
        if (const auto found = value(matrix, task))
            series.points.push_back({static_cast<double>(task + 1), *found});
    }
    return series;
}

Cells numbers_of(const LineChart& chart) {
    Cells cells{.header = {chart.x_title}, .rows = {}};
    for (const Series& series : chart.series)
        cells.header.push_back(series.name);
    for (double x = chart.x_first; x <= chart.x_last; ++x) {
        auto& line = cells.rows.emplace_back();
        line.push_back(fmt::format("{:.0f}", x));
        for (const Series& series : chart.series) {
            const auto point = std::ranges::find(series.points, x, &Series::Point::x);
            line.push_back(point == series.points.end() ? "-" : percent(point->y, 2));
        }
    }
    return cells;
}

enum class Range { kWhole, kOfValues };

Markup curve(Runs runs, const std::string& title, const std::string& note, Range range,
             const FigureAfter& value) {
    LineChart chart{.x_title = "tasks learnt",
                    .x_first = 1,
                    .x_last = static_cast<double>(most_tasks(runs)),
                    .unit = Unit::kPercent,
                    .from_zero = true,
                    .whole_range = range == Range::kWhole,
                    .series = {}};
    bool empty = true;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const bool instance : {false, true}) {
            chart.series.push_back(series_of(runs[i], i, instance, value));
            empty = empty && chart.series.back().points.empty();
        }
    }
    if (empty)
        return missing(title + ": no run has it yet; it takes two tasks with a test set each.");
    return figure({.title = title,
                   .note = note,
                   .legend = run_legend(runs, runs_of(chart), Ways::kBoth),
                   .spec = spec_of(chart),
                   .numbers = numbers_of(chart)});
}

}  // namespace

Section accuracy_section(Runs runs) {
    const auto average = [](const metrics::AccuracyMatrix& matrix, std::int64_t task) {
        return matrix.has(task) ? std::optional(matrix.average_accuracy(task)) : std::nullopt;
    };
    const auto forgetting = [](const metrics::AccuracyMatrix& matrix, std::int64_t task) {
        return task > 0 && matrix.is_task_by_task(task) ? std::optional(matrix.forgetting(task))
                                                        : std::nullopt;
    };
    return {"accuracy", "Accuracy and forgetting after every task",
            side_by_side(
                curve(runs, "Average accuracy on the tasks so far, in percent",
                      "The mean over their test sets.", Range::kWhole, average) +
                curve(runs, "Forgetting, in percent",
                      "How much of the best accuracy on each earlier task is lost, on average.",
                      Range::kOfValues, forgetting))};
}

}  // namespace promptcl::report
