#include "promptcl/core/human.h"
#include "promptcl/report/page/bar_chart.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/sections.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

Markup time_figure(Runs runs) {
    BarChart chart{.x_title = "seconds",
                   .y_title = "run",
                   .unit = "s",
                   .parts = {{"training", "var(--part-0)"},
                             {"waiting for images", "var(--part-1)"},
                             {"evaluation", "var(--part-2)"}},
                   .rows = {},
                   .values = {}};
    for (const RunRecord& run : runs) {
        const Cost& cost = run.results.cost;
        const double waited = std::min(cost.input_wait_seconds, cost.train_seconds);
        chart.rows.push_back(run.name);
        chart.values.push_back({cost.train_seconds - waited, waited, cost.eval_seconds});
    }
    return figure({.title = "Where the time went, in seconds",
                   .note = "",
                   .legend = legend_of(chart),
                   .spec = spec_of(chart),
                   .numbers = numbers_of(chart)});
}

Markup cost_table(Runs runs) {
    Cells cells{.header = {"run", "time", "training", "evaluation", "images/s in training",
                           "images/s in evaluation", "peak memory", "threads"},
                .rows = {}};
    for (const RunRecord& run : runs) {
        const Cost& cost = run.results.cost;
        cells.rows.push_back({run.name, clock_text(run.results.wall_seconds),
                              clock_text(cost.train_seconds), clock_text(cost.eval_seconds),
                              fmt::format("{:.1f}", cost.train_images_per_second),
                              fmt::format("{:.1f}", cost.eval_images_per_second),
                              human_bytes(static_cast<double>(cost.peak_memory_bytes)),
                              std::to_string(run.results.threads)});
    }
    return table(cells);
}

}  // namespace

Section cost_section(Runs runs) {
    return {"cost", "Time and memory", time_figure(runs) + cost_table(runs)};
}

}  // namespace promptcl::report
