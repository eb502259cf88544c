#include "promptcl/report/run_record.h"

#include "promptcl/core/error.h"
#include "promptcl/report/key_similarity.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <system_error>

namespace promptcl::report {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostExamples = 20;  // wrong ones, and as many right ones

bool is_there(const fs::path& path) {
    std::error_code failure;
    return fs::exists(path, failure);
}

RunResults results_of(const fs::path& run) {
    if (!is_there(run / "config.toml"))
        throw Error(fmt::format("{} is no run folder: it has no config.toml", run.string()),
                    "give the --workdir of a promptcl train");
    if (!is_there(run / "results.json"))
        throw Error(fmt::format("the run in {} has no results yet", run.string()),
                    fmt::format("let it finish a task: promptcl train --workdir {}", run.string()));
    return read_run_results(run / "results.json");
}

/// Runs the reading of a part that a report can do without.
template <class Read>
void read_part(RunRecord& record, const Read& read) {
    try {
        read();
    } catch (const Error& problem) {
        record.notes.emplace_back(problem.what());
    }
}

/// Whether the predictions are of another state of the run than its results.
bool outdated(const RunRecord& record) {
    const auto& matrix = record.results.configured.matrix;
    const auto found = accuracies(record.predictions->configured);
    const std::int64_t last = matrix.tasks() - 1;
    for (std::int64_t test = 0; test < std::ssize(found); ++test) {
        constexpr double kRounding = 1e-9;
        const auto expected = matrix.at(test, last);
        if (expected && std::abs(*expected - found[static_cast<std::size_t>(test)]) > kRounding)
            return true;
    }
    return false;
}

void read_part_predictions(RunRecord& record) {
    const fs::path file = predictions_file(record.path);
    if (!is_there(file)) return;
    const bool of_task = record.results.config.continual.eval_task_inc;
    record.predictions =
        read_predictions(file, of_task ? Competing::kThoseOfItsTask : Competing::kAll);
    record.examples = choose_examples(record.predictions->configured, kMostExamples);
    if (outdated(record))
        record.notes.push_back(
            fmt::format("{} does not give the accuracies of results.json: the run went on since, "
                        "or was evaluated on another machine; {} writes it anew",
                        file.string(), record.eval_command()));
}

RunRecord read_run(const fs::path& run) {
    RunRecord record{.path = run, .results = results_of(run)};
    read_part(record, [&] { record.events = io::read_event_files(run); });
    for (const auto& problem : record.events.problems)
        record.notes.push_back(problem);
    read_part(record, [&] { record.key_similarity = key_similarity(run); });
    read_part(record, [&] { read_part_predictions(record); });
    return record;
}

/// The last `parts` parts of a path: "runs/l2p" for two.
std::string last_parts(const fs::path& path, int parts) {
    fs::path whole = fs::absolute(path).lexically_normal(), name;
    if (whole.filename().empty()) whole = whole.parent_path();
    for (; parts > 0 && whole.has_filename(); --parts, whole = whole.parent_path())
        name = name.empty() ? whole.filename() : whole.filename() / name;
    return name.empty() ? path.string() : name.string();
}

/// As short as they can be without two alike.
void name_runs(std::vector<RunRecord>& records) {
    constexpr int kMostParts = 6;
    for (int parts = 1; parts <= kMostParts; ++parts) {
        std::vector<std::string> names;
        for (RunRecord& record : records)
            names.push_back(record.name = last_parts(record.path, parts));
        std::ranges::sort(names);
        if (std::ranges::adjacent_find(names) == names.end()) return;
    }
}

}  // namespace

std::string RunRecord::class_name(std::int64_t number) const {
    const auto& names = results.class_names;
    return number >= 0 && number < std::ssize(names) ? names[static_cast<std::size_t>(number)]
                                                     : fmt::format("class {}", number);
}

std::string RunRecord::eval_command() const {
    return fmt::format("promptcl eval {} --predictions {}", path.string(),
                       predictions_file(path).string());
}

fs::path predictions_file(const fs::path& run) {
    return run / "predictions.npz";
}

std::vector<RunRecord> read_runs(std::span<const fs::path> folders) {
    std::vector<RunRecord> records;
    for (const fs::path& folder : folders)
        records.push_back(read_run(folder));
    name_runs(records);
    return records;
}

}  // namespace promptcl::report
