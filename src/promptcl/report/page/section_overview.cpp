#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/sections.h"
#include "promptcl/report/published.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

constexpr std::string_view kWays =
    "Batch-wise, the protocol of the papers: the images of a test batch, all of one task, vote on "
    "their prompts. Instance-wise: each image chooses its own.";

std::string forgetting_of(const Figures& figures) {
    return figures.forgetting ? percent(*figures.forgetting) : "-";
}

std::string tasks_of(const RunResults& results) {
    return results.finished() ? fmt::format("{}", results.num_tasks)
                              : fmt::format("{} of {}", results.tasks_done, results.num_tasks);
}

/// Mean accuracy on each task right after it was learnt.
std::string learning_of(const Figures& figures) {
    const auto last = figures.matrix.tasks() - 1;
    return figures.matrix.is_task_by_task(last) && last >= 0
               ? percent(figures.matrix.learning_accuracy(last))
               : "-";
}

Markup tile(const std::string& title, const std::string& value, const std::string& below) {
    return element(
        "div", {{"class", "tile"}},
        element("span", {}, title) + element("b", {}, value) + element("small", {}, below));
}

Markup tiles(const RunResults& results) {
    const auto& [configured, instance] = std::tie(results.configured, results.instance);
    return element(
        "div", {{"class", "tiles"}},
        tile("accuracy", percent(configured.accuracy),
             fmt::format("batch-wise; instance-wise {}", percent(instance.accuracy))) +
            tile("forgetting", forgetting_of(configured),
                 fmt::format("batch-wise; instance-wise {}", forgetting_of(instance))) +
            tile("when learnt", learning_of(configured), "mean over tasks, each right after it") +
            tile("tasks", tasks_of(results), benchmark_of(results.config)) +
            tile("time", clock_text(results.wall_seconds),
                 fmt::format("training and evaluation, {} {}", results.threads,
                             results.threads == 1 ? "thread" : "threads")));
}

Cells results_of(Runs runs) {
    Cells cells{.header = {"run", "method", "benchmark", "seed", "tasks", "accuracy",
                           "instance-wise", "forgetting", "instance-wise", "when learnt", "time"},
                .rows = {}};
    for (const RunRecord& run : runs) {
        const RunResults& results = run.results;
        cells.rows.push_back({run.name, method_of(results.config), benchmark_of(results.config),
                              std::to_string(results.config.seed), tasks_of(results),
                              percent(results.configured.accuracy),
                              percent(results.instance.accuracy), forgetting_of(results.configured),
                              forgetting_of(results.instance), learning_of(results.configured),
                              clock_text(results.wall_seconds)});
    }
    return cells;
}

/// The papers' figures of the same methods and benchmarks, as far as there are some.
Markup published_figures(Runs runs) {
    Cells cells{.header = {"run", "accuracy", "forgetting", "published by"}, .rows = {}};
    bool others = false;
    for (const RunRecord& run : runs) {
        for (const Published& figure : published_for(run.results.config)) {
            cells.rows.push_back({run.name, percent(figure.accuracy, 2),
                                  figure.forgetting ? percent(*figure.forgetting, 2) : "-",
                                  std::string(figure.source)});
            others = others || run.results.backbone_geometry != kPublishedGeometry;
        }
    }
    if (cells.rows.empty()) return {};
    Markup html = element("h3", {}, "Published figures of the same method and benchmark");
    html +=
        element("p", {},
                fmt::format("Made with {}, batch-wise where prompts vote.{}", kPublishedBackbone,
                            others ? " These runs have another backbone: compare the order of "
                                     "the methods, not the numbers."
                                   : ""));
    return html + table(cells);
}

}  // namespace

Section overview_section(Runs runs) {
    Markup content = runs.size() == 1 ? tiles(runs[0].results) : table(results_of(runs));
    content += element("p", {{"class", "hint"}},
                       fmt::format("Accuracy is the mean over the test sets of all tasks after the "
                                   "last one, forgetting the mean loss since each task was known "
                                   "best. {}",
                                   kWays));
    return {"overview", "What came out", content + published_figures(runs)};
}

}  // namespace promptcl::report
