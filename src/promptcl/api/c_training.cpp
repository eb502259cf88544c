#include "promptcl/api/c_handles.h"
#include "promptcl/promptcl_training.h"
#include "promptcl/training.h"

#include <numeric>
#include <utility>

using namespace promptcl;
using api::guarded;
using api::require_given;

namespace {

/// Calls a C function, and remembers that it wants to stop.
class CallingBack final : public Watcher {
  public:
    CallingBack(promptcl_progress call, void* user) : call_(call), user_(user) {}

    bool go_on() override { return !stop_; }
    void step(const Step& step) override { tell("learning", step.step, step.steps); }
    void progress(std::string_view what, std::int64_t done, std::int64_t total) override {
        tell(std::string(what), done, total);
    }

  private:
    void tell(const std::string& what, std::int64_t done, std::int64_t total) {
        if (call_ != nullptr && call_(what.c_str(), done, total, user_) != 0) stop_ = true;
    }

    promptcl_progress call_;
    void* user_;
    bool stop_ = false;
};

double mean(const std::vector<TestScore>& scores, double TestScore::*figure) {
    const double sum = std::accumulate(
        scores.begin(), scores.end(), 0.0,
        [&](double so_far, const TestScore& score) { return so_far + score.*figure; });
    return sum / static_cast<double>(scores.size());
}

}  // namespace

promptcl_status promptcl_train(const char* config, const char* const* changes, size_t num_changes,
                               const char* workdir, promptcl_progress progress, void* user) {
    return guarded([&] {
        require_given(workdir, "workdir");
        CallingBack watcher(progress, user);
        const auto results = train_run({.workdir = workdir,
                                        .config = config == nullptr ? "" : config,
                                        .changes = api::texts(changes, num_changes, "changes")},
                                       watcher);
        return results ? PROMPTCL_OK : PROMPTCL_STOPPED;
    });
}

promptcl_status promptcl_evaluate(const char* workdir, const char* const* changes,
                                  size_t num_changes, promptcl_progress progress, void* user,
                                  double* accuracy, double* instance_accuracy) {
    return guarded([&] {
        require_given(workdir, "workdir");
        require_given(accuracy, "accuracy");
        require_given(instance_accuracy, "instance_accuracy");
        CallingBack watcher(progress, user);
        const auto scores = evaluate_run({.workdir = workdir,
                                          .config = {},
                                          .changes = api::texts(changes, num_changes, "changes")},
                                         watcher);
        if (!scores) return PROMPTCL_STOPPED;
        *accuracy = mean(*scores, &TestScore::accuracy);
        *instance_accuracy = mean(*scores, &TestScore::instance_accuracy);
        return PROMPTCL_OK;
    });
}

promptcl_status promptcl_learn(const promptcl_classifier* classifier, const char* folder,
                               const char* const* changes, size_t num_changes, const char* workdir,
                               promptcl_progress progress, void* user,
                               promptcl_classifier** learnt) {
    return guarded([&] {
        require_given(classifier, "classifier");
        require_given(folder, "folder");
        require_given(learnt, "learnt");
        CallingBack watcher(progress, user);
        auto lesson = learn_classes(classifier->classifier,
                                    {.folder = folder,
                                     .test = {},
                                     .extend = false,
                                     .freeze_old = {},
                                     .changes = api::texts(changes, num_changes, "changes"),
                                     .workdir = workdir == nullptr ? "" : workdir},
                                    watcher);
        if (!lesson) return PROMPTCL_STOPPED;
        *learnt = new promptcl_classifier{std::move(lesson->classifier)};
        return PROMPTCL_OK;
    });
}
