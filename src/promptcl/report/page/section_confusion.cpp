#include "promptcl/core/human.h"
#include "promptcl/report/confusion.h"
#include "promptcl/report/page/bar_chart.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/heat_map.h"
#include "promptcl/report/page/sections.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

constexpr std::size_t kMostPairs = 12;  // of confused classes

double share(std::int64_t count, std::int64_t images) {
    return images > 0 ? static_cast<double>(count) / static_cast<double>(images) : 0.0;
}

Markup tasks_figure(const std::vector<TaskOutcome>& outcomes, const std::string& way) {
    const bool unknown = std::ranges::any_of(
        outcomes, [](const TaskOutcome& outcome) { return outcome.unknown > 0; });
    HeatMap map{.x_title = "taken for a class of task",
                .y_title = "image of task",
                .columns = counted(outcomes.size()),
                .rows = counted(outcomes.size()),
                .values = {}};
    if (unknown) map.columns.emplace_back("none");
    for (const TaskOutcome& outcome : outcomes) {
        auto& row = map.values.emplace_back();
        for (const std::int64_t count : outcome.taken_for)
            row.push_back(share(count, outcome.images));
        if (unknown) row.push_back(share(outcome.unknown, outcome.images));
    }
    return figure(
        {.title = fmt::format("Confusion between tasks, {}, in percent", way),
         .note = unknown
                     ? "Of the images of each task; \"none\" are classes that no task has so far."
                     : "Of the images of each task.",
         .legend = legend_of(map),
         .spec = spec_of(map),
         .numbers = numbers_of(map)});
}

Markup outcomes_figure(const std::vector<TaskOutcome>& outcomes, const std::string& way) {
    BarChart chart{.x_title = "share of the task's images",
                   .y_title = "task",
                   .unit = "%",
                   .parts = {{"right", "var(--good)"},
                             {"another class of its task", "var(--near)"},
                             {"a class of another task", "var(--far)"}},
                   .rows = counted(outcomes.size()),
                   .values = {}};
    for (std::size_t task = 0; task < outcomes.size(); ++task) {
        const TaskOutcome& outcome = outcomes[task];
        const std::int64_t own = outcome.taken_for[task];
        chart.values.push_back({share(outcome.right, outcome.images),
                                share(own - outcome.right, outcome.images),
                                share(outcome.images - own, outcome.images)});
    }
    return figure({.title = fmt::format("What becomes of a task's images, {}, in percent", way),
                   .note = "",
                   .legend = legend_of(chart),
                   .spec = spec_of(chart),
                   .numbers = numbers_of(chart)});
}

Markup classes_table(const RunRecord& run) {
    Cells cells{.header = {"images of", "taken for", "images", "share"}, .rows = {}};
    for (const auto& pair : confused_classes(run.predictions->configured, kMostPairs)) {
        cells.rows.push_back({run.class_name(pair.label), run.class_name(pair.predicted),
                              fmt::format("{} of {}", pair.count, pair.images),
                              percent(share(pair.count, pair.images))});
    }
    if (cells.rows.empty()) return element("p", {}, "No image is taken for another class.");
    return element("h4", {}, "The classes most often taken for another, batch-wise") + table(cells);
}

Markup of_run(const RunRecord& run) {
    if (!run.predictions)
        return missing("The predictions of this run are not there. Write them with",
                       run.eval_command());
    Markup figures;
    for (const bool instance : {false, true}) {
        const auto outcomes =
            task_confusion(instance ? run.predictions->instance : run.predictions->configured);
        if (!outcomes) continue;
        const std::string way = instance ? "instance-wise" : "batch-wise";
        figures += tasks_figure(*outcomes, way) + outcomes_figure(*outcomes, way);
    }
    const bool of_task = run.results.config.continual.eval_task_inc;
    Markup content;
    if (figures.empty())
        content = missing(
            "Tasks cannot be confused here: their test sets share classes, or are "
            "one.");
    else if (of_task)
        content = missing(
            "This run is told the task of each image (eval_task_inc), so tasks are "
            "not confused.");
    else
        content = side_by_side(figures);
    return content + classes_table(run);
}

}  // namespace

Section confusion_section(Runs runs) {
    return {"confusion", "Confusion between tasks and classes",
            for_each_run(runs, [](const RunRecord& run, std::size_t) { return of_run(run); })};
}

}  // namespace promptcl::report
