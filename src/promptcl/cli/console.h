// What a person sees of a run.
#pragma once

#include "promptcl/cli/progress_line.h"
#include "promptcl/train/observer.h"

#include <cstdint>
#include <string>

namespace promptcl::cli {

/// Progress on standard error, the accuracy table of each task on standard output.
class Console final : public train::Observer {
  public:
    enum class Amount { kEverything, kTablesOnly, kProgressOnly };

    explicit Console(Amount amount = Amount::kEverything) : amount_(amount) {}

    void started(const train::Experiment& experiment, const train::Progress& progress) override;
    void note(const std::string& sentence) override;
    void step_done(const train::StepReport& report) override;
    void evaluating(std::int64_t test, std::int64_t tests) override;
    void ending_task(std::int64_t batch, std::int64_t batches) override;
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
