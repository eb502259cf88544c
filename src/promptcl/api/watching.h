// A Watcher of the public header where the layers below expect their own.
#pragma once

#include "promptcl/data/open_observer.h"
#include "promptcl/tensor/failure.h"
#include "promptcl/train/observer.h"
#include "promptcl/training.h"

#include <exception>
#include <optional>
#include <string>

namespace promptcl::api {

/// Ends reading and looking at images, of which nothing is kept.
class Stopped : public std::exception {
  public:
    const char* what() const noexcept override { return "stopped"; }
};

class Reading final : public data::OpenObserver {
  public:
    explicit Reading(Watcher& watcher) : watcher_(watcher) {}

    /// Throws Stopped.
    void progress(std::string_view what, std::int64_t done, std::int64_t total) override {
        if (!watcher_.go_on()) throw Stopped();
        watcher_.progress(what, done, total);
    }
    void note(const std::string& sentence) override { watcher_.note(sentence); }

  private:
    Watcher& watcher_;
};

class Training final : public train::Observer {
  public:
    explicit Training(Watcher& watcher) : watcher_(watcher) {}

    void note(const std::string& sentence) override { watcher_.note(sentence); }
    void step_done(const train::StepReport& report) override {
        watcher_.step({.task = report.task,
                       .tasks = report.num_tasks,
                       .step = report.step,
                       .steps = report.steps,
                       .loss = report.loss,
                       .images_per_second = report.images_per_second});
    }
    void evaluating(std::int64_t test, std::int64_t tests) override {
        watcher_.progress("evaluating", test, tests);
    }
    void ending_task(std::int64_t batch, std::int64_t batches) override {
        watcher_.progress("ending the task", batch, batches);
    }

  private:
    Watcher& watcher_;
};

/// What `work` returns, an optional; nothing when it was stopped.
template <class Work>
auto stoppable(const Work& work) -> decltype(work()) {
    try {
        return tensor::without_torch_errors(work);
    } catch (const Stopped&) {
        return std::nullopt;
    }
}

}  // namespace promptcl::api
