#include "promptcl/cli/syntax_table.h"

#include "promptcl/core/error.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

constexpr std::string_view kExample =
    "promptcl table --config cifar100_l2p --config cifar100_dualprompt --seeds 42,43,44 "
    "--workdir runs --set init_checkpoint=FILE --set data_dir=FOLDER";

/// The table file, if any, with the command line's rows below its own and its settings and seeds
/// over it.
config::TableSpec table_of(const Words& words) {
    config::TableSpec table;
    if (!words.table.empty()) table = config::read_table_file(words.table);
    for (const auto& row : words.rows)
        table.rows.push_back(config::parse_row(row));
    for (const auto& change : words.changes)
        table.settings.push_back(config::setting_of(config::parse_override(change)));
    if (!words.seeds.empty()) table.seeds = words.seeds;
    return table;
}

TableForm table_form_of(const Words& words) {
    if (words.json + words.markdown + words.csv > 1)
        throw UsageError("--json, --markdown and --csv exclude each other", "give one of them");
    if (words.json) return TableForm::kJson;
    if (words.csv) return TableForm::kCsv;
    return words.markdown ? TableForm::kMarkdown : TableForm::kText;
}

void require_seeds(std::vector<std::int64_t> seeds) {
    std::ranges::sort(seeds);
    if (!seeds.empty() && seeds.front() < 0)
        throw UsageError(fmt::format("a seed is {}", seeds.front()), "give 0 or more");
    const auto twice = std::ranges::adjacent_find(seeds);
    if (twice != seeds.end()) {
        throw UsageError(fmt::format("seed {} is given twice", *twice), "give each seed once");
    }
}

}  // namespace

void declare_table(CLI::App& app, Words& words) {
    app.add_option("--table", words.table,
                   "table file: its rows, settings and seeds; or the name of a shipped one")
        ->type_name("FILE");
    app.add_option("--config", words.rows,
                   "one row: a TOML file or the name of a shipped configuration, with settings of "
                   "its own; repeatable")
        ->type_name("CONFIG[,KEY=VALUE...]")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--seeds", words.seeds, "one run of each row for each of them")
        ->type_name("N,N,...")
        ->delimiter(',')
        ->allow_extra_args(false);
    app.add_option("--set", words.changes, "one key over all rows; repeatable")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--workdir", words.workdir, "folder of the run folders CONFIG-seedN")
        ->type_name("FOLDER");
    app.add_option("--parallel", words.parallel, "runs at a time; they share the cores")
        ->type_name("N")
        ->capture_default_str();
    app.add_flag("--dry-run", words.dry_run, "list the runs and what is left to do; train nothing");
    app.add_flag("--no-run", words.no_run, "print the table of what is finished; train nothing");
    app.add_flag("--markdown", words.markdown, "print the table as Markdown");
    app.add_flag("--csv", words.csv, "print the figures as CSV, as fractions");
    app.add_flag("--json", words.json, "print the figures as JSON, run by run, as fractions");
}

Command finish_table(const Words& words) {
    const auto workdir = required_workdir(words, kExample);
    if (words.parallel < 1)
        throw UsageError(fmt::format("--parallel is {}", words.parallel), "give 1 or more");
    if (words.dry_run && words.no_run)
        throw UsageError("--dry-run and --no-run exclude each other", "give one of them");
    TableOptions options{.table = table_of(words),
                         .workdir = workdir,
                         .parallel = words.parallel,
                         .unfinished = words.dry_run  ? Unfinished::kList
                                       : words.no_run ? Unfinished::kLeave
                                                      : Unfinished::kRun,
                         .form = table_form_of(words)};
    if (options.table.rows.empty()) {
        throw UsageError("promptcl table is not told what to put into it",
                         fmt::format("for instance: {}", kExample));
    }
    require_seeds(options.table.seeds);
    return options;
}

}  // namespace promptcl::cli
