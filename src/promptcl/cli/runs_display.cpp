#include "promptcl/cli/runs_display.h"

#include "promptcl/cli/progress_line.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace promptcl::cli {
namespace {

constexpr std::chrono::seconds kBetweenLines{10};

}  // namespace

RunsDisplay::RunsDisplay() : terminal_(isatty(STDERR_FILENO) == 1) {}

RunsDisplay::~RunsDisplay() {
    clear();
}

void RunsDisplay::show(const std::vector<RunLine>& runs, const std::string& summary) {
    terminal_ ? redraw(runs, summary) : print_news(runs);
}

void RunsDisplay::say(const std::string& sentence) {
    clear();
    fmt::print(stderr, "{}\n", sentence);
    std::fflush(stderr);
}

void RunsDisplay::redraw(const std::vector<RunLine>& runs, const std::string& summary) {
    std::size_t width = 0;
    for (const RunLine& run : runs)
        width = std::max(width, run.name.size());
    std::vector<std::string> lines;
    lines.reserve(runs.size() + 1);
    for (const RunLine& run : runs)
        lines.push_back(fmt::format("{:<{}}  {}", run.name, width, run.words));
    lines.push_back(summary);
    clear();
    for (std::string& line : lines) {
        line.resize(std::min(line.size(), terminal_columns() - 1));
        fmt::print(stderr, "{}\n", line);
    }
    std::fflush(stderr);
    drawn_ = lines.size();
}

void RunsDisplay::print_news(const std::vector<RunLine>& runs) {
    const auto now = std::chrono::steady_clock::now();
    for (const RunLine& run : runs) {
        Said& last = said_.try_emplace(run.name, Said{run.words, now}).first->second;
        if (last.words == run.words || now - last.when < kBetweenLines) continue;
        last = {run.words, now};
        fmt::print(stderr, "{}: {}\n", run.name, run.words);
    }
    std::fflush(stderr);
}

void RunsDisplay::clear() {
    if (drawn_ > 0) fmt::print(stderr, "\033[{}A\r\033[J", drawn_);
    drawn_ = 0;
}

}  // namespace promptcl::cli
