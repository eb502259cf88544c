#include "promptcl/cli/progress_line.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace promptcl::cli {
namespace {

constexpr int kBarWidth = 24;
constexpr double kRedrawSeconds = 0.1;
constexpr double kPlainLineSeconds = 10;

std::string bar(double share) {
    const auto filled = static_cast<int>(share * kBarWidth);
    return fmt::format("[{0:=>{1}}{0: >{2}}]", "", filled, kBarWidth - filled);
}

}  // namespace

std::size_t terminal_columns() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
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

void ProgressLine::show(const std::string& what, double share, const std::string& details) {
    if (!due(share >= 1)) return;
    last_ = std::chrono::steady_clock::now();
    if (!terminal_) {
        fmt::print(stderr, "{}: {}\n", what, details);
        return;
    }
    std::string text = fmt::format("{} {} {}", what, bar(std::clamp(share, 0.0, 1.0)), details);
    text.resize(std::min(text.size(), terminal_columns() - 1));
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::show(const std::string& what, std::int64_t done, std::int64_t total,
                        const std::string& details) {
    const double share =
        static_cast<double>(done) / static_cast<double>(std::max<std::int64_t>(total, 1));
    show(what, share, fmt::format("{}/{}  {}", done, total, details));
}

void ProgressLine::clear() {
    if (!shown_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace promptcl::cli
