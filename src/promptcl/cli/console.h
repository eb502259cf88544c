// What a person sees of a run.
#pragma once

#include "promptcl/train/observer.h"

#include <chrono>
#include <string>
#include <string_view>

namespace promptcl::cli {

/// "1:02:03" or "2:03".
std::string clock_text(double seconds);

/// A bar that redraws itself on a terminal; elsewhere a plain line every ten seconds. Writes to
/// standard error.
class ProgressLine {
  public:
    ProgressLine();
    ~ProgressLine();

    /// `done` of `total`, then `details`. Redrawn at most ten times a second, but always at the
    /// end.
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

/// Progress on standard error, the accuracy table of each task on standard output.
class Console final : public train::Observer {
  public:
    enum class Amount { kEverything, kTablesOnly, kProgressOnly };

    explicit Console(Amount amount = Amount::kEverything) : amount_(amount) {}

    void started(const train::Experiment& experiment, const train::Progress& progress) override;
    void note(const std::string& sentence) override;
    void step_done(const train::StepReport& report) override;
    void evaluating(std::int64_t test, std::int64_t tests) override;
    void evaluated(const train::Evaluation& evaluation, const train::Progress& progress) override;

  private:
    void print_tests(const train::Evaluation& evaluation, const train::Progress& progress,
                     bool by_task) const;
    void print_figures(std::int64_t after, const train::Progress& progress, bool by_task) const;

    Amount amount_;
    ProgressLine line_;
    bool votes_ = false;            // batch-wise and instance-wise figures can differ
    double images_per_second_ = 0;  // smoothed
};

}  // namespace promptcl::cli
