// A `promptcl train` in a process of its own.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace promptcl::cli {

/// Trains the run of a folder by the config.toml in it. What it prints is appended to train.log
/// there. It is in a process group of its own, so that Ctrl-C in a terminal reaches only its
/// parent, and it gets SIGTERM, at which it saves and leaves, when its parent dies.
class TrainProcess {
  public:
    /// Throws Error when the log cannot be written or no process be made.
    explicit TrainProcess(const std::filesystem::path& folder);
    /// Waits for its end.
    ~TrainProcess();
    TrainProcess(const TrainProcess&) = delete;
    TrainProcess& operator=(const TrainProcess&) = delete;

    void signal(int number) const;
    /// Its exit code once it has ended, of a killed one 128 + the signal's number.
    std::optional<int> ended();
    /// The last whole line that it printed; empty before the first.
    std::string last_line() const;

  private:
    std::filesystem::path log_;
    std::streamoff begin_ = 0;  // of what this process prints; the rest is of earlier ones
    pid_t pid_ = -1;
    std::optional<int> code_;
};

}  // namespace promptcl::cli
