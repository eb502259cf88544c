#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/learn_report.h"
#include "promptcl/cli/opening.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/train/teaching.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

/// Progress of training on standard error.
class Watcher final : public train::Observer {
  public:
    void note(const std::string& sentence) override {
        line_.clear();
        fmt::print(stderr, "promptcl: note: {}\n", sentence);
    }
    void step_done(const train::StepReport& report) override {
        line_.show("learning", report.step, report.steps,
                   fmt::format("loss {:.3f}  {:.1f} images/s  {} left", report.loss,
                               report.images_per_second, clock_text(report.seconds_left)));
    }

  private:
    ProgressLine line_;
};

std::optional<train::Taught> taught(const LearnOptions& options) {
    Opening reading;
    Watcher watcher;
    return train::teach_lesson(
        model::read_classifier(options.model), options.request,
        {.reading = reading, .training = watcher, .stop = [] { return interrupted(); }});
}

int stopped(const LearnOptions& options) {
    fmt::print(stderr,
               "promptcl: stopped; everything is saved in {}, the same command goes on from here\n",
               options.request.workdir.string());
    return interrupt_exit_code();
}

void print_json(const teach::Report& report, const fs::path& output) {
    nlohmann::ordered_json json{{"file", output.string()},
                                {"classes", report.growth.class_names.size()}};
    json.update(teach::to_json(report));
    fmt::print("{}\n", json.dump(2));
}

}  // namespace

int run_learn(const LearnOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(options.request.config.num_threads);
    const auto result = taught(options);
    if (!result) return stopped(options);
    model::write_classifier(options.output, result->classifier);
    std::error_code ignored;  // what stays behind does no harm
    fs::remove_all(options.request.workdir, ignored);
    options.json ? print_json(result->report, options.output)
                 : print_report(result->report, options.output);
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
