// What a person sees while a data set is opened.
#pragma once

#include "promptcl/cli/progress_line.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::cli {

/// Progress and notes on standard error. A signal ends the opening: progress() throws Interrupted.
class Opening final : public data::OpenObserver {
  public:
    enum class Amount { kEverything, kNotesOnly };

    explicit Opening(Amount amount = Amount::kEverything) : amount_(amount) {}

    void progress(std::string_view what, std::int64_t done, std::int64_t total) override;
    void note(const std::string& sentence) override;

  private:
    Amount amount_;
    ProgressLine line_;
};

}  // namespace promptcl::cli
