#include "promptcl/cli/console.h"

#include "promptcl/cli/table.h"
#include "promptcl/core/human.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

constexpr double kSmoothing = 0.1;  // weight of the newest step in the shown speed

std::string signed_percent(double fraction) {
    return fmt::format("{:+.2f}", 100 * fraction);
}

}  // namespace

void Console::started(const train::Experiment& experiment, const train::Progress& progress) {
    const config::Config& config = experiment.config;
    const auto tasks = std::ssize(experiment.stream.tasks);
    votes_ = config.votes();
    const auto& position = progress.position;
    if (amount_ != Amount::kEverything || position.global_step == 0) return;
    if (position.task >= tasks) {
        fmt::print("this run is finished; eval and predict work on it\n");
    } else {
        fmt::print("resuming at task {} of {}, step {}\n", position.task + 1, tasks, position.step);
    }
    std::fflush(stdout);
}

void Console::note(const std::string& sentence) {
    line_.clear();
    fmt::print(stderr, "promptcl: note: {}\n", sentence);
}

void Console::step_done(const train::StepReport& report) {
    if (amount_ == Amount::kTablesOnly) return;
    images_per_second_ += (images_per_second_ == 0 ? 1 : kSmoothing) *
                          (report.images_per_second - images_per_second_);
    const double left =
        report.seconds_left * report.images_per_second / std::max(images_per_second_, 1e-9);
    line_.show(fmt::format("task {}/{}", report.task + 1, report.num_tasks), report.step,
               report.steps,
               fmt::format("loss {:.3f}  {:.1f} images/s  {} left", report.loss, images_per_second_,
                           clock_text(left)));
}

void Console::evaluating(std::int64_t test, std::int64_t tests) {
    if (amount_ != Amount::kTablesOnly) line_.show("evaluating test set", test + 1, tests, "");
}

void Console::ending_task(std::int64_t batch, std::int64_t batches) {
    if (amount_ != Amount::kTablesOnly) line_.show("ending the task, batch", batch, batches, "");
}

void Console::evaluated(const train::Evaluation& evaluation, const train::Progress& progress) {
    line_.clear();
    images_per_second_ = 0;
    if (!evaluation.task_end || amount_ == Amount::kProgressOnly) return;
    const std::int64_t after = evaluation.task;
    const bool by_task = progress.configured.is_task_by_task(after);
    fmt::print("\nafter task {}:\n", after + 1);
    if (evaluation.tests.size() > 1 || by_task) print_tests(evaluation, progress, by_task);
    print_figures(after, progress, by_task);
    std::fflush(stdout);
}

void Console::print_tests(const train::Evaluation& evaluation, const train::Progress& progress,
                          bool by_task) const {
    Row header{by_task ? "task" : "test set", "accuracy"};
    if (by_task) header.insert(header.end(), {"when learnt", "change"});
    if (votes_) header.push_back("instance-wise");
    std::vector<Row> rows;
    for (std::size_t i = 0; i < evaluation.tests.size(); ++i) {
        const auto test = static_cast<std::int64_t>(i);
        const train::TestScore& score = evaluation.tests[i];
        Row row{std::to_string(test + 1), percent(score.configured.accuracy)};
        if (by_task) {
            const double learnt = *progress.configured.at(test, test);
            row.push_back(percent(learnt));
            row.push_back(signed_percent(score.configured.accuracy - learnt));
        }
        if (votes_) row.push_back(percent(score.instance->accuracy));
        rows.push_back(std::move(row));
    }
    fmt::print("{}", format_table(header, rows));
}

void Console::print_figures(std::int64_t after, const train::Progress& progress,
                            bool by_task) const {
    const auto figure = [&](std::string_view name, auto value_of) {
        fmt::print("{} {}", name, percent(value_of(progress.configured)));
        if (votes_) fmt::print(" (instance-wise {})", percent(value_of(progress.instance)));
    };
    using Matrix = metrics::AccuracyMatrix;
    figure("average accuracy", [&](const Matrix& a) { return a.average_accuracy(after); });
    if (by_task && after > 0)
        figure(", forgetting", [&](const Matrix& a) { return a.forgetting(after); });
    if (!by_task && after > 0)
        figure(", any-time accuracy", [&](const Matrix& a) { return a.anytime_accuracy(after); });
    fmt::print("\n");
}

}  // namespace promptcl::cli
