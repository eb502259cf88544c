#include "promptcl/cli/run_pool.h"

#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/runs_display.h"
#include "promptcl/cli/table.h"
#include "promptcl/cli/train_process.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/file.h"
#include "promptcl/runs/run_config.h"

#include <cerrno>
#include <csignal>
#include <deque>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <list>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr std::string_view kOtherWorkdir = "choose a --workdir that may be written";

/// Held by this process and by those it starts: as long as one of them lives, nobody else trains in
/// the folder.
class FolderLock {
  public:
    explicit FolderLock(const fs::path& folder) {
        const fs::path file = folder / "table.lock";
        descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT, 0666);  // children inherit it
        if (descriptor_ < 0) throw io::file_error("write", file, errno);
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
        ::close(descriptor_);
        throw Error(fmt::format("another promptcl table is at work in {}", folder.string()),
                    "wait for its end, or choose another --workdir");
    }
    ~FolderLock() { ::close(descriptor_); }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int descriptor_ = -1;
};

void require_trainable(const PlannedRun& run) {
    const auto problems = run.config.problems();
    if (!problems.empty()) {
        throw UsageError(
            fmt::format("{} cannot be trained: {}", run.name, fmt::join(problems, "; ")));
    }
    runs::require_files(run.config, runs::Needs::kBackboneAndData);
}

/// Why a process ended without results: in its own words where it has some.
std::string reason(int code, const std::string& last_line) {
    const std::string_view own = "promptcl: ";
    if (code == 128 + SIGKILL) return "it was killed; perhaps there was not enough memory";
    if (code == 128 + SIGINT || code == 128 + SIGTERM) return "it was stopped";
    if (last_line.starts_with(own)) return last_line.substr(own.size());
    return fmt::format("it ended with code {}", code);
}

class RunPool {
  public:
    explicit RunPool(std::deque<PlannedRun*> waiting)
        : waiting_(std::move(waiting)), runs_(waiting_.size()) {}

    void run(std::int64_t parallel) {
        while (!waiting_.empty() || !working_.empty()) {
            if (interrupted()) stop();
            while (!waiting_.empty() && std::ssize(working_) < parallel)
                start_next();
            show();
            std::this_thread::sleep_for(kBetweenLooks);
            collect();
        }
    }

  private:
    struct Worker {
        explicit Worker(PlannedRun& planned) : run(planned), process(planned.folder) {}
        PlannedRun& run;
        TrainProcess process;
    };

    void start_next() {
        PlannedRun& run = *waiting_.front();
        waiting_.pop_front();
        io::make_folder(run.folder, kOtherWorkdir);
        io::write_file_atomically(run.folder / "config.toml", config::to_toml(run.config));
        display_.say(fmt::format("{}: {}", run.name, run.begun ? "goes on" : "starts"));
        working_.emplace_back(run);
    }

    void stop() {
        waiting_.clear();
        if (stopping_) return;
        stopping_ = true;
        display_.say("stopping; the runs at work save what they have");
        for (const Worker& worker : working_)
            worker.process.signal(interrupt_exit_code() - 128);
    }

    void collect() {
        working_.remove_if([this](Worker& worker) {
            const auto code = worker.process.ended();
            if (code) finish(worker.run, *code, worker.process.last_line());
            return code.has_value();
        });
    }

    void finish(PlannedRun& run, int code, const std::string& last_line) {
        ++ended_;
        if (code == 0) {
            run.results = report::read_run_results(run.folder / "results.json");
            run.problem.clear();
            display_.say(fmt::format("{}: finished in {}, accuracy {}", run.name,
                                     clock_text(run.results->wall_seconds),
                                     percent(run.results->configured.accuracy)));
        } else if (stopping_) {
            display_.say(fmt::format("{}: saved", run.name));
        } else {
            run.problem = "failed: " + reason(code, last_line);
            display_.say(fmt::format("{}: {}", run.name, run.problem));
        }
    }

    void show() {
        std::vector<RunLine> lines;
        for (const Worker& worker : working_)
            lines.push_back({worker.run.name, worker.process.last_line()});
        display_.show(lines, fmt::format("{} of {} runs done, {} waiting; Ctrl-C saves and leaves",
                                         ended_, runs_, waiting_.size()));
    }

    std::deque<PlannedRun*> waiting_;
    std::size_t runs_, ended_ = 0;
    std::list<Worker> working_;
    bool stopping_ = false;
    RunsDisplay display_;
};

}  // namespace

void run_missing(std::vector<PlannedRow>& rows, const fs::path& workdir, std::int64_t parallel) {
    std::deque<PlannedRun*> missing;
    for (PlannedRow& row : rows) {
        for (PlannedRun& run : row.runs) {
            if (run.finished()) continue;
            require_trainable(run);
            missing.push_back(&run);
        }
    }
    if (missing.empty()) return;
    io::make_folder(workdir, kOtherWorkdir);
    const FolderLock lock(workdir);
    watch_for_interrupts();
    RunPool(std::move(missing)).run(parallel);
}

}  // namespace promptcl::cli
