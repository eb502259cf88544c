#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/heat_map.h"
#include "promptcl/report/page/pair_chart.h"
#include "promptcl/report/page/sections.h"

#include <fmt/format.h>

namespace promptcl::report {
namespace {

/// What is to be known of the two figures of a run.
std::string_view note_of(const RunRecord& run) {
    const auto& config = run.results.config;
    if (config.votes())
        return "A batch holds images of one task alone: its vote knows more than one image does, "
               "so batch-wise figures are usually the kinder ones.";
    return config.use_e_prompt
               ? "This configuration lets each image choose for itself: both figures are the same."
               : "This method chooses no prompts: both figures are the same.";
}

Markup of_run(const RunRecord& run, std::size_t number) {
    const auto &batchwise = run.results.configured.matrix, &instance = run.results.instance.matrix;
    const std::int64_t last = batchwise.tasks() - 1;
    PairChart chart{.run = number,
                    .x_title = "accuracy",
                    .y_title = "task",
                    .rows = {},
                    .full = {},
                    .hollow = {}};
    Cells numbers{.header = {"task", "batch-wise", "instance-wise", "difference"}, .rows = {}};
    for (std::int64_t test = 0; test <= last; ++test) {
        const auto full = batchwise.at(test, last), hollow = instance.at(test, last);
        if (!full || !hollow) continue;
        chart.rows.push_back(std::to_string(test + 1));
        chart.full.push_back(*full);
        chart.hollow.push_back(*hollow);
        numbers.rows.push_back({chart.rows.back(), percent(*full, 2), percent(*hollow, 2),
                                fmt::format("{:+.2f}", 100 * (*full - *hollow))});
    }
    const auto key = element(
        "ul", {{"class", "legend"}},
        element("li", {}, element("i", {{"class", "full"}}, "") + text("batch-wise")) +
            element("li", {}, element("i", {{"class", "hollow"}}, "") + text("instance-wise")));
    return figure({.title = "Accuracy on each test set at the end, in percent",
                   .note = std::string(note_of(run)),
                   .legend = key,
                   .spec = spec_of(chart),
                   .numbers = numbers});
}

}  // namespace

Section choice_section(Runs runs) {
    return {"choice", "Batch-wise against instance-wise", side_by_side(for_each_run(runs, of_run))};
}

}  // namespace promptcl::report
