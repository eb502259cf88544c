#include "promptcl/cli/commands.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/train/golden_check.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

nlohmann::ordered_json to_json(const train::GoldenCase& golden) {
    nlohmann::ordered_json arrays;
    for (const auto& error : golden.errors) {
        arrays[error.array] = {
            {"absolute", error.absolute}, {"relative", error.relative}, {"passes", error.passes()}};
    }
    return {{"case", golden.name},
            {"engine", golden.engine},
            {"passes", golden.passes()},
            {"arrays", arrays}};
}

/// Every case with the plain path, and with the native engine where that can compute it.
std::vector<train::GoldenCase> every_engine(const std::filesystem::path& folder) {
    std::vector<train::GoldenCase> results;
    for (const std::string& name : train::golden_cases(folder)) {
        results.push_back(train::check_golden_case(folder, name, "plain"));
        auto fastest = train::check_golden_case(folder, name, "auto");
        if (fastest.engine != results.back().engine) results.push_back(std::move(fastest));
    }
    return results;
}

void print(const train::GoldenCase& golden) {
    std::vector<Row> rows;
    for (const auto& error : golden.errors) {
        rows.push_back({error.array, fmt::format("{:.2e}", error.absolute),
                        fmt::format("{:.2e}", error.relative), error.passes() ? "ok" : "FAILS"});
    }
    fmt::print("{}, {} engine: {}\n{}\n", golden.name, golden.engine,
               golden.passes() ? "passes" : "FAILS",
               format_table({"array", "absolute", "relative", ""}, rows));
}

}  // namespace

int run_selfcheck(const SelfcheckOptions& options) {
    nlohmann::ordered_json report = nlohmann::ordered_json::array();
    std::size_t cases = 0, failed = 0;
    double worst = 0;
    for (const auto& golden : every_engine(options.folder)) {
        for (const auto& error : golden.errors)
            worst = std::max(worst, error.relative);
        ++cases;
        if (!golden.passes()) ++failed;
        if (options.json) {
            report.push_back(to_json(golden));
        } else {
            print(golden);
        }
    }
    if (options.json) {
        fmt::print("{}\n", report.dump(2));
    } else {
        fmt::print("{} of {} cases pass; largest relative error {:.2e}, allowed {:.0e}\n",
                   cases - failed, cases, worst, train::kGoldenTolerance);
    }
    return static_cast<int>(failed == 0 ? ExitCode::kSuccess : ExitCode::kCheckFailed);
}

}  // namespace promptcl::cli
