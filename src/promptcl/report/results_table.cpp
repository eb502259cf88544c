#include "promptcl/report/results_table.h"

#include "promptcl/report/published.h"
#include "promptcl/report/statistics.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::report {
namespace {

using Json = nlohmann::ordered_json;

/// What the finished runs of a row say together.
struct Summary {
    std::int64_t finished = 0;
    std::optional<Statistics> accuracy, forgetting, instance_accuracy, instance_forgetting;
};

/// Of one figure over all finished runs; nothing when a run does not have it.
template <class Figure>
std::optional<Statistics> over_runs(const TableRow& row, const Figure& figure) {
    std::vector<double> values;
    for (const TableRun& run : row.runs) {
        if (!run.results) continue;
        const std::optional<double> value = figure(*run.results);
        if (!value) return std::nullopt;
        values.push_back(*value);
    }
    if (values.empty()) return std::nullopt;
    return statistics(values);
}

Summary summary_of(const TableRow& row) {
    using Results = RunResults;
    return {.finished = std::ranges::count_if(
                row.runs, [](const TableRun& run) { return run.results.has_value(); }),
            .accuracy = over_runs(
                row, [](const Results& r) { return std::optional(r.configured.accuracy); }),
            .forgetting = over_runs(row, [](const Results& r) { return r.configured.forgetting; }),
            .instance_accuracy =
                over_runs(row, [](const Results& r) { return std::optional(r.instance.accuracy); }),
            .instance_forgetting =
                over_runs(row, [](const Results& r) { return r.instance.forgetting; })};
}

std::string in_percent(double fraction) {
    return fmt::format("{:.2f}", 100 * fraction);
}

std::string in_percent(const std::optional<double>& fraction) {
    return fraction ? in_percent(*fraction) : "-";
}

std::string in_percent(const std::optional<Statistics>& figure) {
    if (!figure) return "-";
    if (!figure->deviation) return in_percent(figure->mean);
    return fmt::format("{} ± {}", in_percent(figure->mean), in_percent(*figure->deviation));
}

bool any_votes(const ResultsTable& table) {
    return std::ranges::any_of(table.rows, [](const TableRow& row) { return row.config.votes(); });
}

bool any_published(const ResultsTable& table) {
    return std::ranges::any_of(
        table.rows, [](const TableRow& row) { return !published_for(row.config).empty(); });
}

/// The different values of `value_of` over the rows, in their order.
template <class ValueOf>
std::vector<std::string> different(const ResultsTable& table, const ValueOf& value_of) {
    std::vector<std::string> values;
    for (const TableRow& row : table.rows) {
        for (const std::string& value : value_of(row)) {
            if (std::ranges::find(values, value) == values.end()) values.push_back(value);
        }
    }
    return values;
}

std::vector<std::string> benchmarks(const ResultsTable& table) {
    return different(table, [](const TableRow& row) {
        return std::vector<std::string>{benchmark_of(row.config)};
    });
}

std::string backbone_text(const RunResults& results) {
    return fmt::format("{} ({}; SHA-256 {}...)",
                       std::filesystem::path(results.backbone_path).filename().string(),
                       results.backbone_geometry, results.backbone_sha256.substr(0, 12));
}

/// One value of every finished run of a row.
template <class ValueOf>
auto of_runs(const ValueOf& value_of) {
    return [value_of](const TableRow& row) {
        std::vector<std::string> values;
        for (const TableRun& run : row.runs) {
            if (run.results) values.push_back(value_of(*run.results));
        }
        return values;
    };
}

/// Which seeds the means are over.
std::string seeds_text(const ResultsTable& table) {
    const auto seeds = different(table, [](const TableRow& row) {
        std::vector<std::string> values;
        for (const TableRun& run : row.runs) {
            if (run.results) values.push_back(std::to_string(run.seed));
        }
        return values;
    });
    if (seeds.empty()) return "";
    if (seeds.size() == 1) return ", seed " + seeds.front();
    return fmt::format(", mean ± sample standard deviation over the seeds {}",
                       fmt::join(seeds, ", "));
}

std::string state_cell(const TableRow& row) {
    const bool failed = std::ranges::any_of(
        row.runs, [](const TableRun& run) { return run.problem.starts_with("failed"); });
    return failed ? "failed" : "not run";
}

void add_backbone_notes(const ResultsTable& table, std::vector<std::string>& notes) {
    const auto of_row = of_runs(backbone_text);
    const auto all = different(table, of_row);
    if (all.size() == 1) notes.push_back(fmt::format("backbone: {}.", all.front()));
    if (all.size() < 2) return;
    for (const TableRow& row : table.rows) {
        for (const auto& text : different({.title = {}, .rows = {row}}, of_row))
            notes.push_back(fmt::format("backbone of {}: {}.", row.label, text));
    }
}

void add_published_notes(const ResultsTable& table, std::vector<std::string>& notes) {
    notes.push_back(
        fmt::format("published: {}, batch-wise where prompts vote.", kPublishedBackbone));
    const auto geometries =
        different(table, of_runs([](const RunResults& r) { return r.backbone_geometry; }));
    const bool others = std::ranges::any_of(
        geometries, [](const std::string& geometry) { return geometry != kPublishedGeometry; });
    if (others) {
        notes.push_back(
            "CAUTION: these runs have another backbone than the published figures. Compare the "
            "order of the methods, not the numbers.");
    }
    for (const TableRow& row : table.rows) {
        const auto& config = row.config;
        if (!config.votes() || config.num_devices == kPublishedDevices ||
            published_for(config).empty())
            continue;
        notes.push_back(
            fmt::format("{}: num_devices = {} here, {} in the published runs, which "
                        "the preset \"published\" has.",
                        row.label, config.num_devices, kPublishedDevices));
    }
    for (const TableRow& row : table.rows) {
        const auto all = published_for(row.config);
        for (std::size_t i = 1; i < all.size(); ++i) {
            notes.push_back(fmt::format("also published for {}: {} / {} ({}).", row.label,
                                        in_percent(all[i].accuracy), in_percent(all[i].forgetting),
                                        all[i].source));
        }
    }
}

Json figure_json(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

void add_figure(Json& row, const std::string& name, const std::optional<Statistics>& figure) {
    row[name] = figure ? Json(figure->mean) : Json();
    row[name + "_std"] = figure ? figure_json(figure->deviation) : Json();
}

Json run_json(const TableRun& run) {
    Json json{{"name", run.name}, {"seed", run.seed}, {"problem", run.problem}};
    if (!run.results) return json;
    const RunResults& results = *run.results;
    json["accuracy"] = results.configured.accuracy;
    json["forgetting"] = figure_json(results.configured.forgetting);
    json["instance_accuracy"] = results.instance.accuracy;
    json["instance_forgetting"] = figure_json(results.instance.forgetting);
    json["wall_seconds"] = results.wall_seconds;
    json["threads"] = results.threads;
    return json;
}

Json row_json(const TableRow& row) {
    std::vector<std::int64_t> seeds;
    std::vector<std::string> problems;
    Json runs = Json::array();
    const RunResults* any = nullptr;
    for (const TableRun& run : row.runs) {
        runs.push_back(run_json(run));
        if (run.results) {
            any = &*run.results;
            seeds.push_back(run.seed);
        } else {
            problems.push_back(fmt::format("{} {}", run.name, run.problem));
        }
    }
    const Summary summary = summary_of(row);
    Json json{{"label", row.label},
              {"method", method_of(row.config)},
              {"benchmark", benchmark_of(row.config)},
              {"batchwise", row.config.votes()},
              {"seeds", fmt::format("{}", fmt::join(seeds, " "))}};
    add_figure(json, "accuracy", summary.accuracy);
    add_figure(json, "forgetting", summary.forgetting);
    add_figure(json, "instance_accuracy", summary.instance_accuracy);
    add_figure(json, "instance_forgetting", summary.instance_forgetting);
    json["backbone"] = any ? Json(any->backbone_geometry) : Json();
    json["backbone_sha256"] = any ? Json(any->backbone_sha256) : Json();
    const auto all = published_for(row.config);
    json["published_accuracy"] = all.empty() ? Json() : Json(all.front().accuracy);
    json["published_forgetting"] = all.empty() ? Json() : figure_json(all.front().forgetting);
    json["published_backbone"] = all.empty() ? Json() : Json(kPublishedBackbone);
    json["published_in"] = all.empty() ? Json() : Json(all.front().source);
    json["problem"] = fmt::format("{}", fmt::join(problems, "; "));
    json["runs"] = runs;
    return json;
}

}  // namespace

Cells text_cells(const ResultsTable& table) {
    const bool votes = any_votes(table), known = any_published(table);
    const bool mixed = benchmarks(table).size() > 1;
    Cells cells{.header = {"configuration", "method"}, .rows = {}};
    if (mixed) cells.header.emplace_back("benchmark");
    for (const char* title : {"runs", "accuracy", "forgetting"})
        cells.header.emplace_back(title);
    if (votes) cells.header.insert(cells.header.end(), {"instance-wise", "forgetting"});
    if (known) cells.header.insert(cells.header.end(), {"published", "forgetting", "by"});
    for (const TableRow& row : table.rows) {
        const Summary summary = summary_of(row);
        const bool all = summary.finished == std::ssize(row.runs);
        auto& line = cells.rows.emplace_back();
        line = {row.label, method_of(row.config)};
        if (mixed) line.push_back(benchmark_of(row.config));
        line.push_back(all ? fmt::format("{}", summary.finished)
                           : fmt::format("{} of {}", summary.finished, row.runs.size()));
        line.push_back(summary.accuracy ? in_percent(summary.accuracy) : state_cell(row));
        line.push_back(in_percent(summary.forgetting));
        if (votes) {
            line.push_back(in_percent(summary.instance_accuracy));
            line.push_back(in_percent(summary.instance_forgetting));
        }
        if (!known) continue;
        const auto found = published_for(row.config);
        line.push_back(found.empty() ? "-" : in_percent(found.front().accuracy));
        line.push_back(found.empty() ? "-" : in_percent(found.front().forgetting));
        line.emplace_back(found.empty() ? "-" : found.front().source);
    }
    return cells;
}

std::vector<std::string> notes(const ResultsTable& table) {
    std::vector<std::string> notes;
    if (const auto all = benchmarks(table); all.size() == 1)
        notes.push_back(fmt::format("benchmark: {}.", all.front()));
    notes.push_back(
        fmt::format("accuracy: mean over the test sets at the end. forgetting: mean loss since a "
                    "task was known "
                    "best. Both in percent{}.",
                    seeds_text(table)));
    if (any_votes(table)) {
        notes.emplace_back(
            "protocol: batch-wise, that of the original: the images of a test batch, all of one "
            "task, vote on their prompts. instance-wise: each image chooses its own.");
    }
    if (!table.settings.empty())
        notes.push_back(
            fmt::format("changed in every configuration: {}.", fmt::join(table.settings, ", ")));
    add_backbone_notes(table, notes);
    if (any_published(table)) add_published_notes(table, notes);
    for (const TableRow& row : table.rows) {
        for (const TableRun& run : row.runs) {
            if (!run.results) notes.push_back(fmt::format("{} {}", run.name, run.problem));
        }
    }
    return notes;
}

Json to_json(const ResultsTable& table) {
    Json rows = Json::array();
    for (const TableRow& row : table.rows)
        rows.push_back(row_json(row));
    return {{"format", "promptcl-table-1"},
            {"title", table.title},
            {"settings", table.settings},
            {"rows", rows}};
}

Cells number_cells(const ResultsTable& table) {
    Cells cells;
    for (const TableRow& row : table.rows) {
        Json json = row_json(row);
        json.erase("runs");
        auto& line = cells.rows.emplace_back();
        cells.header.clear();
        for (const auto& [name, value] : json.items()) {
            cells.header.push_back(name);
            line.push_back(value.is_null()     ? std::string()
                           : value.is_string() ? value.get<std::string>()
                                               : value.dump());
        }
    }
    return cells;
}

}  // namespace promptcl::report
