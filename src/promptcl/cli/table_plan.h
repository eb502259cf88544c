// The runs that a table of results is made of, and how far each of them is.
#pragma once

#include "promptcl/config/table_file.h"
#include "promptcl/report/results_table.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::cli {

struct PlannedRun {
    std::string name;  // CONFIG-seedN, also of its folder
    std::filesystem::path folder;
    config::Config config;                      // as it is to be trained
    bool begun = false;                         // its folder holds a checkpoint to go on from
    std::optional<report::RunResults> results;  // of the tasks that are done
    std::string problem = "not run";            // why it is not finished

    bool finished() const { return results && results->finished(); }
};

struct PlannedRow {
    std::string label;
    std::vector<PlannedRun> runs;  // one a seed
};

/// Every run of the table, with what is in its folder below `workdir`. Of a configuration that
/// takes one thread a core (num_threads = 0), each of `parallel` runs gets its share; a run that is
/// begun keeps its number, for it is a part of the bits. Throws UsageError naming the key when a
/// folder holds a run of another configuration, or when two rows are the same.
std::vector<PlannedRow> plan_table(const config::TableSpec& table,
                                   const std::filesystem::path& workdir, std::int64_t parallel);

/// How long the rest of a run will take: by what it has done, else by the finished runs of its row.
std::optional<double> seconds_left(const PlannedRun& run, const PlannedRow& row);

report::ResultsTable results_of(const config::TableSpec& table,
                                const std::vector<PlannedRow>& rows);

}  // namespace promptcl::cli
