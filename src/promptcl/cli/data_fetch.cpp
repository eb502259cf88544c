#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/fetch/fetch.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <optional>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// The transfer of one source, as a person sees it.
class Display {
  public:
    explicit Display(const fetch::Source& source) : source_(source) {}

    fetch::Hooks hooks() {
        return {.progress = [this](std::int64_t done, std::int64_t total) { show(done, total); },
                .note = [this](const std::string& sentence) { note(sentence); },
                .stop = interrupted};
    }

    void file_done(const fetch::RemoteFile& file, const fs::path& path,
                   const fetch::Fetched& fetched) {
        line_.clear();
        start_.reset();
        fmt::print("  {}  {}{}, {}\n", path.string(),
                   human_bytes(static_cast<double>(fs::file_size(path))),
                   fetched.outcome == fetch::Outcome::kWasThere ? " (was there)" : "",
                   verdict(file, fetched));
        std::fflush(stdout);
    }

    void clear() { line_.clear(); }

  private:
    struct Start {
        Clock::time_point time;
        std::int64_t done;
    };

    void show(std::int64_t done, std::int64_t total) {
        if (!start_) start_ = {Clock::now(), done};
        const double seconds = std::chrono::duration<double>(Clock::now() - start_->time).count();
        const auto bytes = static_cast<double>(done), all = static_cast<double>(total);
        const double speed = (bytes - static_cast<double>(start_->done)) / std::max(seconds, 1e-3);
        std::string details = human_bytes(bytes);
        if (total > 0) details += " of " + human_bytes(all);
        if (speed > 0) details += fmt::format("  {}/s", human_bytes(speed));
        if (speed > 0 && total > 0)
            details += fmt::format("  {} left", clock_text((all - bytes) / speed));
        line_.show(std::string(source_.name), total > 0 ? bytes / all : 0, details);
    }

    void note(const std::string& sentence) {
        line_.clear();
        fmt::print(stderr, "promptcl: note: {}\n", sentence);
    }

    std::string verdict(const fetch::RemoteFile& file, const fetch::Fetched& fetched) const {
        if (!file.checksum)
            return fmt::format("no checksum is published; its SHA-256 is {}", fetched.digest);
        return fmt::format("{} as published ({})", io::name_of(file.checksum->kind),
                           source_.checked_by);
    }

    const fetch::Source& source_;
    ProgressLine line_;
    std::optional<Start> start_;
};

/// How a configuration names what was fetched.
std::string setting_for(const fetch::Source& source, const fs::path& folder) {
    if (!source.dataset.empty())
        return fmt::format("--set dataset={} --set data_dir={}", source.dataset, folder.string());
    return fmt::format("--set init_checkpoint={}", (folder / source.files.front().name).string());
}

}  // namespace

int run_data_fetch(const DataFetchOptions& options) {
    watch_for_interrupts();
    for (const auto& source : options.sources) {
        const fs::path folder = options.to / source.name;
        fmt::print("{}: {}; licence: {}\n", source.name, source.summary, source.licence);
        std::fflush(stdout);
        Display display(source);
        const auto done = [&](const auto& file, const auto& path, const auto& fetched) {
            display.file_done(file, path, fetched);
        };
        if (!fetch::fetch(source, {folder, options.mirror, {}}, display.hooks(), done)) {
            display.clear();
            fmt::print(stderr,
                       "promptcl: stopped; what has come is kept, the same command goes on from "
                       "here\n");
            return interrupt_exit_code();
        }
        fmt::print("  nothing needs to be unpacked: {}\n", setting_for(source, folder));
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
