#include "promptcl/cli/table_plan.h"

#include "promptcl/config/load.h"
#include "promptcl/core/cpus.h"
#include "promptcl/core/error.h"
#include "promptcl/data/normalization.h"
#include "promptcl/io/sha256.h"
#include "promptcl/report/statistics.h"
#include "promptcl/runs/run_config.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <system_error>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOtherFolder = "choose another --workdir, or remove that folder";

/// Each file is read once.
class BackboneHashes {
  public:
    /// Throws UsageError when a finished run was made with another backbone than the wanted one, as
    /// far as that file is there.
    void require_same(const PlannedRun& run) {
        const fs::path wanted = run.config.init_checkpoint;
        std::error_code failure;
        if (!fs::is_regular_file(wanted, failure)) return;
        auto& hash = hashes_[wanted];
        if (hash.empty()) hash = io::sha256_of_file(wanted);
        if (hash == run.results->backbone_sha256) return;
        throw UsageError(
            fmt::format("{} holds a run with another backbone, {}, than init_checkpoint {}",
                        run.folder.string(), run.results->backbone_path, wanted.string()),
            kOtherFolder);
    }

  private:
    std::map<fs::path, std::string> hashes_;
};

std::int64_t share_of_cores(std::int64_t parallel) {
    return std::max<std::int64_t>(1, usable_cpus() / parallel);
}

config::Config configuration(const config::TableSpec& table, const config::RowSpec& row,
                             std::int64_t parallel) {
    std::vector<config::Setting> changes;
    config::append_layer(changes, table.settings);
    config::append_layer(changes, row.settings);
    auto config = config::load_config(row.config, changes);
    if (config.num_threads == 0 && parallel > 1) config.num_threads = share_of_cores(parallel);
    return config;
}

/// Looks into the folder of the run.
void find_state(PlannedRun& run, BackboneHashes& backbones) {
    const fs::path results_file = run.folder / "results.json";
    run.begun = runs::holds_checkpoint(run.folder);
    std::error_code failure;
    if (fs::exists(results_file, failure)) run.results = report::read_run_results(results_file);
    if (!run.begun && !run.finished()) return;
    const auto there = run.results ? run.results->config : runs::stored_config(run.folder);
    run.config.num_threads = there.num_threads;
    runs::require_same_run(there, run.config, run.folder, kOtherFolder);
    if (!run.finished()) return;
    backbones.require_same(run);
    run.problem.clear();
}

}  // namespace

std::vector<PlannedRow> plan_table(const config::TableSpec& table, const fs::path& workdir,
                                   std::int64_t parallel) {
    std::vector<PlannedRow> rows;
    std::set<std::string> names;
    BackboneHashes backbones;
    for (const config::RowSpec& spec : table.rows) {
        const std::string name = config::name_of(spec);
        if (!names.insert(name).second) {
            throw UsageError(fmt::format("two rows of the table are {}", name),
                             "leave one out, or give the other settings or a file of another name");
        }
        const config::Config config = configuration(table, spec, parallel);
        PlannedRow& row = rows.emplace_back(PlannedRow{.label = spec.label, .runs = {}});
        for (const std::int64_t seed :
             table.seeds.empty() ? std::vector{config.seed} : table.seeds) {
            PlannedRun& run = row.runs.emplace_back();
            run.name = fmt::format("{}-seed{}", name, seed);
            run.folder = workdir / run.name;
            run.config = config;
            run.config.seed = seed;
            runs::settle_paths(run.config, run.folder);
            data::settle_normalization(run.config);
            find_state(run, backbones);
        }
    }
    return rows;
}

std::optional<double> seconds_left(const PlannedRun& run, const PlannedRow& row) {
    if (run.results && run.results->tasks_done > 0) {
        const auto done = static_cast<double>(run.results->tasks_done);
        const auto all = static_cast<double>(run.results->num_tasks);
        return run.results->wall_seconds / done * (all - done);
    }
    std::vector<double> seconds;
    for (const PlannedRun& other : row.runs) {
        if (other.finished()) seconds.push_back(other.results->wall_seconds);
    }
    if (seconds.empty()) return std::nullopt;
    return report::statistics(seconds).mean;
}

report::ResultsTable results_of(const config::TableSpec& spec,
                                const std::vector<PlannedRow>& rows) {
    report::ResultsTable table{.title = spec.title, .rows = {}};
    for (const config::Setting& setting : spec.settings) {
        if (!runs::is_key_of_the_machine(setting.key))
            table.settings.push_back(config::text_of(setting));
    }
    for (const PlannedRow& row : rows) {
        auto& filled = table.rows.emplace_back(
            report::TableRow{.label = row.label, .config = row.runs.front().config, .runs = {}});
        for (const PlannedRun& run : row.runs) {
            filled.runs.push_back({.name = run.name,
                                   .seed = run.config.seed,
                                   .results = run.finished() ? run.results : std::nullopt,
                                   .problem = run.problem});
        }
    }
    return table;
}

}  // namespace promptcl::cli
