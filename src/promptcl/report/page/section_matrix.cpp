#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/heat_map.h"
#include "promptcl/report/page/sections.h"

#include <algorithm>

namespace promptcl::report {
namespace {

Markup heat_map_figure(const metrics::AccuracyMatrix& matrix, const std::string& title) {
    std::size_t tests = 0;
    for (const auto& row : matrix.rows())
        tests = std::max(tests, row.size());
    const HeatMap map{.x_title = "test set of task",
                      .y_title = "after task",
                      .columns = counted(tests),
                      .rows = counted(matrix.rows().size()),
                      .values = matrix.rows(),
                      .ramp = Ramp::kFraction};
    return figure({.title = title,
                   .note = "",
                   .legend = legend_of(map),
                   .spec = spec_of(map),
                   .numbers = numbers_of(map)});
}

Markup of_run(const RunRecord& run) {
    const auto& batchwise = run.results.configured.matrix;
    if (batchwise.tasks() > 1 && batchwise.rows().back().size() == 1)
        return missing(
            "All tasks of this run have one test set in common: the curve above is all of it.");
    return side_by_side(
        heat_map_figure(batchwise, "Batch-wise accuracy, in percent") +
        heat_map_figure(run.results.instance.matrix, "Instance-wise accuracy, in percent"));
}

}  // namespace

Section matrix_section(Runs runs) {
    const auto content =
        for_each_run(runs, [](const RunRecord& run, std::size_t) { return of_run(run); });
    return {"matrix", "Accuracy on each task after each task",
            element("p", {{"class", "hint"}},
                    "A row is the state after one task, a column the test set of one: read down a "
                    "column to see a task being forgotten.") +
                content};
}

}  // namespace promptcl::report
