// The results of several configurations, each with several seeds, beside the published figures.
#pragma once

#include "promptcl/report/run_results.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::report {

/// One run of a row: its results when it is finished, else what stands in the way.
struct TableRun {
    std::string name;
    std::int64_t seed = 0;
    std::optional<RunResults> results;
    std::string problem;  // "failed: REASON", "not run"; empty with results
};

/// One configuration with all its seeds.
struct TableRow {
    std::string label;
    config::Config config;
    std::vector<TableRun> runs;
};

struct ResultsTable {
    std::string title;
    std::vector<std::string> settings = {};  // KEY=VALUE over the configurations of all rows
    std::vector<TableRow> rows;
};

/// A table as text: every row as long as the header.
struct Cells {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
};

/// For people: "83.12 ± 0.21" in percent, mean and sample standard deviation over the finished runs
/// of a row, without a deviation for a single one. The columns of instance-wise and of published
/// figures are there when a row has any.
Cells text_cells(const ResultsTable& table);

/// What a reader of text_cells() has to know, one sentence or more each: benchmark, seeds,
/// protocol, backbone, what the published figures belong to, which runs are missing and why.
std::vector<std::string> notes(const ResultsTable& table);

/// For programs: one object a row, all with the same members; fractions, null where there is
/// nothing. The member "runs" lists the runs one by one.
nlohmann::ordered_json to_json(const ResultsTable& table);

/// to_json() without "runs", for CSV.
Cells number_cells(const ResultsTable& table);

}  // namespace promptcl::report
