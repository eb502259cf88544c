#include "promptcl/predict/audit.h"

#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opening.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/runs/opened_run.h"
#include "promptcl/runs/run_images.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

constexpr std::array<std::int64_t, 8> kBatches = {1, 2, 4, 8, 16, 32, 64, 128};

void print_json(const predict::Audit& audit) {
    auto rows = nlohmann::ordered_json::array();
    for (const auto& [batch, per_task, mixed] : audit.rows)
        rows.push_back({{"batch", batch}, {"per_task", per_task}, {"mixed", mixed}});
    fmt::print("{}\n", nlohmann::ordered_json{{"images", audit.images},
                                              {"instance", audit.instance},
                                              {"batches", rows},
                                              {"prompted_passes", audit.prompted_passes}}
                           .dump(2));
}

/// What the vote of one task's batch gains over that of a mixed one; the rounding of two sums is
/// not shown as a loss.
std::string leak(double per_task, double mixed) {
    constexpr double kRounding = 1e-9;
    const double gain = per_task - mixed;
    return percent(std::abs(gain) < kRounding ? 0 : gain);
}

void print_table(const predict::Audit& audit, std::int64_t configured) {
    fmt::print(
        "average accuracy over the tasks, by who chooses the prompts\n\n"
        "each image alone: {}\n\n",
        percent(audit.instance));
    std::vector<Row> rows;
    for (const auto& [batch, per_task, mixed] : audit.rows) {
        rows.push_back({fmt::format("{}{}", batch, batch == configured ? " (the run's)" : ""),
                        percent(per_task), percent(mixed), leak(per_task, mixed)});
    }
    fmt::print("{}", format_table({"batch that votes", "of one task", "of all tasks mixed",
                                   "what the task gives away"},
                                  rows));
    fmt::print("\n{} test images, {} prompted passes\n", audit.images, audit.prompted_passes);
}

}  // namespace

int run_audit(const AuditOptions& options) {
    watch_for_interrupts();
    if (!options.config.use_e_prompt || options.config.method == "ncm") {
        throw UsageError(fmt::format("{} chooses no prompts, so no vote can leak anything",
                                     options.workdir.string()),
                         "audit a run with a pool of prompts");
    }
    const auto [run, backbone, classifier, path] = runs::open_run(options.workdir, options.config);
    const predict::Predictor predictor(backbone, classifier, path.string());
    Opening opening;
    const runs::RunImages images = runs::open_run_images(options.config, run, opening);
    ProgressLine line;
    const auto result = predict::audit(predictor, images.tests, kBatches,
                                       static_cast<std::uint64_t>(run.config.seed),
                                       [&](std::int64_t done, std::int64_t total) {
                                           if (interrupted()) throw Interrupted();
                                           line.show("auditing", done, total, "");
                                       });
    line.clear();
    options.json ? print_json(result) : print_table(result, run.config.per_device_batch_size);
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
