// What the operating system says of this process and of the others, for `promptcl bench`.
#pragma once

#include <filesystem>

namespace promptcl::cli {

/// Watches who uses the CPUs, from its making on. `root` is for tests.
class CpuWatch {
  public:
    explicit CpuWatch(std::filesystem::path root = "/");
    /// The share of all CPU time that other programs have taken since.
    double share_of_others() const;

  private:
    struct Seconds {
        double all = 0, busy = 0, own = 0;
    };
    Seconds now() const;

    std::filesystem::path root_;
    Seconds start_;
};

/// CPU time of this process, all its threads together.
double cpu_seconds();
/// Since the process began, what the loading of its libraries took included; to a hundredth.
double seconds_since_start();
/// The most memory that lay in RAM for this program, and what lies there now; bytes.
double peak_memory();
double memory_now();

}  // namespace promptcl::cli
