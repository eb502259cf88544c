#include "promptcl/cli/console.h"

#include "promptcl/cli/table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace promptcl::cli {
namespace {

constexpr int kBarWidth = 24;
constexpr double kRedrawSeconds = 0.1;
constexpr double kPlainLineSeconds = 10;
constexpr double kSmoothing = 0.1;  // weight of the newest step in the shown speed

std::string bar(double share) {
    const auto filled = static_cast<int>(share * kBarWidth);
    return fmt::format("[{0:=>{1}}{0: >{2}}]", "", filled, kBarWidth - filled);
}

std::size_t terminal_columns() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string signed_percent(double fraction) {
    return fmt::format("{:+.2f}", 100 * fraction);
}

}  // namespace

std::string clock_text(double seconds) {
    const auto total = static_cast<long>(std::lround(std::max(0.0, seconds)));
    if (total >= 3600)
        return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
    return fmt::format("{}:{:02}", total / 60, total % 60);
}

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) == 1), last_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() {
    clear();
}

bool ProgressLine::due(bool last) const {
    const double since =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - last_).count();
    return terminal_ ? last || since >= kRedrawSeconds : since >= kPlainLineSeconds;
}

void ProgressLine::show(const std::string& what, std::int64_t done, std::int64_t total,
                        const std::string& details) {
    if (!due(done == total)) return;
    last_ = std::chrono::steady_clock::now();
    if (!terminal_) {
        fmt::print(stderr, "{}: {} of {}{}{}\n", what, done, total, details.empty() ? "" : ", ",
                   details);
        return;
    }
    const double share =
        static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(total, 1));
    std::string text = fmt::format("{} {} {}/{}  {}", what, bar(share), done, total, details);
    text.resize(std::min(text.size(), terminal_columns() - 1));
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::clear() {
    if (!shown_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    shown_ = false;
}

void Console::started(const train::Experiment& experiment, const train::Progress& progress) {
    const config::Config& config = experiment.config;
    const auto tasks = std::ssize(experiment.stream.tasks);
    votes_ = config.use_e_prompt && config.prompt_pool_param.batchwise_prompt;
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
