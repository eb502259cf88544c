// How far a long piece of work is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace promptcl::cli {

/// Of the terminal that standard error is; 80 when it does not say.
std::size_t terminal_columns();

/// A bar that redraws itself on a terminal; elsewhere a plain line every ten seconds. Writes to
/// standard error.
class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine();

    /// `share` of the whole, 0 to 1, is done. Redrawn at most ten times a second, but always at the
    /// end.
    void show(const std::string& what, double share, const std::string& details);
    /// `done` of `total`, then `details`.
    void show(const std::string& what, std::int64_t done, std::int64_t total,
              const std::string& details);
    /// Takes the bar away so that other text can be printed.
    void clear();

  private:
    bool due(bool last) const;

    bool terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_;
};

}  // namespace promptcl::cli
