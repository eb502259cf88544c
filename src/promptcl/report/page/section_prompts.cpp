#include "promptcl/core/human.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/heat_map.h"
#include "promptcl/report/page/line_chart.h"
#include "promptcl/report/page/sections.h"
#include "promptcl/report/pool_use.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::report {
namespace {

bool chooses(const RunRecord& run) {
    return run.results.config.use_e_prompt && run.results.config.prompt_pool_param.pool_size > 0;
}

std::int64_t pool_of(const RunRecord& run) {
    return run.results.config.prompt_pool_param.pool_size;
}

/// As configured, from the predictions where they are there, else from the event files.
std::optional<PoolUse> configured_use(const RunRecord& run) {
    if (run.predictions) return pool_use(run.predictions->configured, pool_of(run));
    return pool_use(run.events, pool_of(run), run.results.config.prompt_pool_param.top_k);
}

std::optional<PoolUse> instance_use(const RunRecord& run) {
    if (!run.predictions) return std::nullopt;
    return pool_use(run.predictions->instance, pool_of(run));
}

/// "none", or the numbers of the prompts that no image chose.
std::string dead_text(const PoolUse& use) {
    const auto dead = dead_prompts(use);
    if (dead.empty()) return "every prompt is chosen by some image";
    return fmt::format("{} of {} prompts are chosen by no image: {}", dead.size(),
                       use.counts.front().size(), fmt::join(dead, ", "));
}

Markup use_figure(const PoolUse& use, const std::string& way) {
    HeatMap map{.x_title = "prompt",
                .y_title = "task",
                .columns = counted(use.counts.front().size(), 0),
                .rows = counted(use.counts.size()),
                .values = {}};
    for (const auto& counts : use.counts)
        map.values.push_back(shares(counts, use.each));
    Cells numbers = numbers_of(map);
    numbers.header.insert(numbers.header.end(), {"entropy, bits", "effective number"});
    for (std::size_t task = 0; task < use.counts.size(); ++task) {
        numbers.rows[task].push_back(fmt::format("{:.2f}", entropy_bits(use.counts[task])));
        numbers.rows[task].push_back(fmt::format("{:.2f}", effective_number(use.counts[task])));
    }
    return figure(
        {.title = fmt::format("Share of a task's images that choose a prompt, {}, in percent", way),
         .note = fmt::format("{} of {} prompts an image; {}.", use.each, use.counts.front().size(),
                             dead_text(use)),
         .legend = legend_of(map),
         .spec = spec_of(map),
         .numbers = numbers});
}

Markup keys_figure(const RunRecord& run) {
    const HeatMap map{.x_title = "prompt",
                      .y_title = "prompt",
                      .columns = counted(run.key_similarity->size(), 0),
                      .rows = counted(run.key_similarity->size(), 0),
                      .values = *run.key_similarity,
                      .ramp = Ramp::kCosine};
    return figure({.title = "Cosine of each two keys",
                   .note = "Keys that point the same way are chosen by the same images.",
                   .legend = legend_of(map),
                   .spec = spec_of(map),
                   .numbers = numbers_of(map)});
}

/// `beside` are figures that stand beside those of the run.
Markup of_run(const RunRecord& run, const Markup& beside) {
    if (!chooses(run)) return missing("This method chooses no prompts.");
    const auto configured = configured_use(run), instance = instance_use(run);
    Markup figures;
    if (configured) figures += use_figure(*configured, "batch-wise");
    if (instance) figures += use_figure(*instance, "instance-wise");
    if (run.key_similarity) figures += keys_figure(run);
    figures += beside;
    Markup content = figures.empty() ? figures : side_by_side(figures);
    if (!configured)
        content += missing(
            "The event files do not tell which prompts were chosen (prompt_histogram is off, or "
            "the pool has more prompts than a histogram has buckets). Fill this in with",
            run.eval_command());
    else if (!instance)
        content += missing("What each image alone chooses is not known. Fill this in with",
                           run.eval_command());
    if (!run.key_similarity)
        content += missing("The folder has no checkpoint with keys to compare.");
    return content;
}

void add_series(LineChart& chart, const RunRecord& run, std::size_t number,
                const std::optional<PoolUse>& use, bool instance) {
    if (!use) return;
    Series series{
        .name = fmt::format("{}, {}", run.name, instance ? "instance-wise" : "batch-wise"),
        .run = number,
        .dashed = instance};
    for (std::size_t task = 0; task < use->counts.size(); ++task) {
        series.points.push_back(
            {static_cast<double>(task + 1), effective_number(use->counts[task])});
    }
    chart.x_last = std::max(chart.x_last, static_cast<double>(use->counts.size()));
    chart.series.push_back(std::move(series));
}

/// How many prompts each task shares its choices among, of all runs on the same axes.
Markup effective_figure(Runs runs) {
    LineChart chart{.x_title = "task", .x_first = 1, .from_zero = true, .series = {}};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!chooses(runs[i])) continue;
        add_series(chart, runs[i], i, configured_use(runs[i]), false);
        add_series(chart, runs[i], i, instance_use(runs[i]), true);
    }
    if (chart.series.empty()) return {};
    Cells numbers{.header = {"run", "task", "effective number", "entropy, bits"}, .rows = {}};
    for (const Series& series : chart.series) {
        for (const auto& point : series.points) {
            numbers.rows.push_back({series.name, fmt::format("{:.0f}", point.x),
                                    fmt::format("{:.2f}", point.y),
                                    fmt::format("{:.2f}", std::log2(point.y))});
        }
    }
    return figure({.title = "Effective number of prompts of each task",
                   .note = "2 to the entropy in bits of its choices: so many prompts, chosen "
                           "equally often, would be as varied.",
                   .legend = run_legend(runs, runs_of(chart), Ways::kBoth),
                   .spec = spec_of(chart),
                   .numbers = numbers});
}

}  // namespace

Section prompts_section(Runs runs) {
    const auto hint = element("p", {{"class", "hint"}},
                              "At the end of the run, on the test images of each task. Prompts are "
                              "numbered from 0, as in the files.");
    // Of several runs the one on common axes stands above them all.
    const Markup together = effective_figure(runs);
    const Markup beside = runs.size() == 1 ? together : Markup();
    Markup content =
        for_each_run(runs, [&](const RunRecord& run, std::size_t) { return of_run(run, beside); });
    if (runs.size() > 1 && !together.empty()) content = side_by_side(together) + content;
    return {"prompts", "Which prompts each task chose",
            together.empty() ? content : hint + content};
}

}  // namespace promptcl::report
