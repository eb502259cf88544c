#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/run_pool.h"
#include "promptcl/cli/table.h"
#include "promptcl/cli/table_plan.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

std::string state_of(const PlannedRun& run) {
    if (run.finished()) return "finished";
    if (!run.begun) return "not begun";
    if (!run.results) return "begun";
    return fmt::format("{} of {} tasks done", run.results->tasks_done, run.results->num_tasks);
}

void print_plan(const std::vector<PlannedRow>& rows, std::int64_t parallel) {
    std::vector<Row> lines;
    double seconds = 0;
    std::int64_t left = 0, unknown = 0;
    for (const PlannedRow& row : rows) {
        for (const PlannedRun& run : row.runs) {
            Row& line = lines.emplace_back(Row{run.name, state_of(run)});
            if (run.finished()) {
                line.insert(line.end(), {clock_text(run.results->wall_seconds), std::string()});
                continue;
            }
            ++left;
            const auto estimate = seconds_left(run, row);
            line.insert(line.end(), {"", estimate ? clock_text(*estimate) : "?"});
            seconds += estimate.value_or(0);
            unknown += estimate ? 0 : 1;
        }
    }
    fmt::print("{}", format_table({"run", "state", "took", "left"}, lines));
    fmt::print("{} of {} runs to do", left, lines.size());
    if (seconds > 0)
        fmt::print(", about {}",
                   clock_text(seconds / static_cast<double>(std::min(parallel, left))));
    if (unknown > 0 && unknown < left)
        fmt::print(" and {} that no finished run tells the speed of", unknown);
    fmt::print("\n");
}

void print_for_people(const report::ResultsTable& table, TableForm form) {
    const bool markdown = form == TableForm::kMarkdown;
    const auto cells = report::text_cells(table);
    if (!table.title.empty()) fmt::print("{}{}\n\n", markdown ? "### " : "", table.title);
    fmt::print("{}\n", markdown ? markdown_table(cells.header, cells.rows)
                                : format_table(cells.header, cells.rows));
    for (const auto& note : report::notes(table))
        fmt::print("{}{}\n", markdown ? "* " : "", note);
}

void print_results(const report::ResultsTable& table, TableForm form) {
    switch (form) {
        case TableForm::kText:
        case TableForm::kMarkdown:
            return print_for_people(table, form);
        case TableForm::kJson:
            return fmt::print("{}\n", report::to_json(table).dump(2));
        case TableForm::kCsv:
            const auto cells = report::number_cells(table);
            return fmt::print("{}", csv_table(cells.header, cells.rows));
    }
}

template <class Holds>
std::int64_t count_runs(const std::vector<PlannedRow>& rows, const Holds& holds) {
    std::int64_t count = 0;
    for (const PlannedRow& row : rows)
        count += std::ranges::count_if(row.runs, holds);
    return count;
}

}  // namespace

int run_table(const TableOptions& options) {
    auto rows = plan_table(options.table, options.workdir, options.parallel);
    if (options.unfinished == Unfinished::kList) {
        print_plan(rows, options.parallel);
        return static_cast<int>(ExitCode::kSuccess);
    }
    if (options.unfinished == Unfinished::kRun)
        run_missing(rows, options.workdir, options.parallel);
    if (interrupted()) {
        fmt::print(stderr,
                   "promptcl: stopped with {} runs finished; everything is saved, the same command "
                   "goes on from here\n",
                   count_runs(rows, [](const PlannedRun& run) { return run.finished(); }));
        return interrupt_exit_code();
    }
    print_results(results_of(options.table, rows), options.form);
    const bool failed = options.unfinished == Unfinished::kRun &&
                        count_runs(rows, [](const PlannedRun& run) { return !run.finished(); }) > 0;
    return static_cast<int>(failed ? ExitCode::kCheckFailed : ExitCode::kSuccess);
}

}  // namespace promptcl::cli
