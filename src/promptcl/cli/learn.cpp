#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/learn_plan.h"
#include "promptcl/cli/learn_report.h"
#include "promptcl/cli/opening.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/run_config.h"
#include "promptcl/config/load.h"
#include "promptcl/core/clock.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/file.h"
#include "promptcl/io/sha256.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/undo.h"
#include "promptcl/train/learning.h"
#include "promptcl/train/trainer.h"

#include <fmt/format.h>
#include <functional>
#include <set>
#include <utility>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kImagesForMeans = 50;  // of a class

/// Progress on standard error.
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
    predict::OnProgress showing(const char* what) {
        return [this, what](std::int64_t done, std::int64_t total) {
            if (interrupted()) throw Interrupted();
            line_.show(what, done, total, "");
        };
    }

  private:
    ProgressLine line_;
};

/// The run folder, made or found as this command left it.
train::RunFolder begin_folder(const LearnOptions& options, const train::Experiment& lesson) {
    const fs::path workdir = options.workdir();
    const std::string hint =
        fmt::format("remove {} to begin anew, or choose another --output", workdir.string());
    const std::string begun = nlohmann::ordered_json{
        {"model_sha256", io::sha256_of_file(options.model)},
        {"freeze_old",
         options.freeze_old}}.dump();
    const fs::path note = workdir / "begun.json";
    if (holds_checkpoint(workdir)) {
        if (!fs::exists(note) || io::read_file(note) != begun) {
            throw UsageError(
                fmt::format("{} goes on from another model file, or with another --freeze_old",
                            workdir.string()),
                hint);
        }
        require_same_run(config::load_config(workdir / "config.toml"), lesson.config, workdir,
                         hint);
    }
    train::RunFolder folder(workdir);
    folder.create(lesson.config);
    io::write_file_atomically(note, begun);
    return folder;
}

struct Learnt {
    model::State state;
    data::DataSource data;
    config::Config config;
    double seconds = 0;
};

/// Nothing when it was interrupted; then everything is saved.
std::optional<Learnt> taught(const LearnOptions& options, const train::Lesson& lesson,
                             const std::function<data::DataSource()>& open_data, Watcher& watcher) {
    train::Experiment experiment = open_lesson(lesson, options.config, open_data);
    const train::RunFolder folder = begin_folder(options, experiment);
    Learnt learnt{.state = {}, .data = {}, .config = experiment.config};
    {
        train::Trainer trainer(experiment, folder, {&watcher});
        if (trainer.run(interrupted) == train::Outcome::kInterrupted) return std::nullopt;
        learnt.state = train::learnt_state(lesson, trainer.method());
        learnt.seconds = trainer.progress().train_seconds;
    }
    learnt.data = std::move(experiment.data);
    return learnt;
}

/// The images of the classes from `first` up to `last`.
predict::LabelledImages labelled(const data::Dataset& images, std::int64_t first,
                                 std::int64_t last) {
    predict::LabelledImages result{.images = &images, .ids = {}, .classes = {}};
    for (std::int64_t i = 0; i < images.size(); ++i) {
        const std::int64_t label = images.label(i);
        if (label < first || label >= last) continue;
        result.ids.push_back(i);
        result.classes.push_back(label);
    }
    return result;
}

/// The images to test on: those of --test, or else those that the taught folder keeps for it.
const data::Dataset& tests_of(const data::DataSource& taught,
                              const std::optional<data::DataSource>& given) {
    if (!given) return *taught.test;
    return given->test->size() > 0 ? *given->test : *given->train;
}

/// Everything that is said of a classifier after it has learnt, but what training itself says.
class Examination {
  public:
    Examination(const LearnOptions& options, const model::Classifier& before,
                const model::Growth& growth, Watcher& watcher)
        : name_(options.model.string()),
          before_(before),
          growth_(growth),
          watcher_(watcher),
          backbone_(std::make_shared<const predict::Backbone>(
              options.config.init_checkpoint, predict::arithmetic_of(before.state.config),
              static_cast<int>(options.config.num_threads))) {}

    void set_means(model::Classifier& after, const data::Dataset& shown) const {
        const auto all = labelled(shown, 0, after.classes());
        predict::set_class_means(
            after.state, predictor(after),
            predict::first_of_each_class(all, after.classes(), kImagesForMeans),
            watcher_.showing("looking at training images"));
        model::count_in_earlier_images(after.state, before_.state, growth_);
    }

    /// Accuracy before and after; calibrates where the test images show every class.
    void test(model::Classifier& after, const data::Dataset& tests, LearnReport& report) const {
        const auto old = labelled(tests, 0, before_.classes()),
                   added = labelled(tests, before_.classes(), after.classes());
        report.accuracy = {.old_images = std::ssize(old.ids),
                           .new_images = std::ssize(added.ids),
                           .old_before = accuracy(before_, old),
                           .old_after = accuracy(after, old),
                           .new_after = accuracy(after, added)};
        const auto all = labelled(tests, 0, after.classes());
        if (std::set(all.classes.begin(), all.classes.end()).size() !=
            after.state.class_names.size())
            return;
        report.calibrated =
            predict::calibrate(after.state, predictor(after), all, watcher_.showing("calibrating"));
    }

  private:
    predict::Predictor predictor(const model::Classifier& classifier) const {
        return {backbone_, classifier, name_};
    }
    double accuracy(const model::Classifier& classifier,
                    const predict::LabelledImages& images) const {
        return predict::accuracy(predictor(classifier), images, watcher_.showing("testing"));
    }

    std::string name_;
    const model::Classifier& before_;
    const model::Growth& growth_;
    Watcher& watcher_;
    std::shared_ptr<const predict::Backbone> backbone_;
};

void add_event(model::Classifier& after, const model::Classifier& before,
               const LearnReport& report) {
    const model::Growth& growth = report.growth;
    model::Event event{.when = utc_now(),
                       .action = growth.added.empty() ? "extend" : "learn",
                       .classes = growth.added,
                       .images = report.images,
                       .results = to_json(report),
                       .undo = nullptr,
                       .undo_arrays = {}};
    event.classes.insert(event.classes.end(), growth.extended.begin(), growth.extended.end());
    model::remember(event, before.state, after.state);
    after.history.push_back(std::move(event));
}

int stopped(const LearnOptions& options) {
    fmt::print(stderr,
               "promptcl: stopped; everything is saved in {}, the same command goes on from here\n",
               options.workdir().string());
    return interrupt_exit_code();
}

void print(const LearnReport& report, const LearnOptions& options) {
    if (!options.json) return print_report(report, options);
    nlohmann::ordered_json json{{"file", options.output.string()},
                                {"classes", report.growth.class_names.size()}};
    json.update(to_json(report));
    fmt::print("{}\n", json.dump(2));
}

}  // namespace

int run_learn(const LearnOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(options.config.num_threads);
    const auto before = model::read_classifier(options.model);
    LearnPlan plan = plan_learning(before, options);
    const auto& class_names = plan.growth.class_names;
    Opening opening;
    std::optional<data::DataSource> test;
    const auto open_data = [&] {
        if (plan.test) test = plan.test->open(class_names, opening);
        return plan.data.open(class_names, opening);
    };
    const train::Lesson lesson{.classifier = before,
                               .growth = plan.growth,
                               .old = options.freeze_old ? train::Old::kHeld : train::Old::kMoving,
                               .name = options.model.string()};
    Watcher watcher;
    const auto learnt = taught(options, lesson, open_data, watcher);
    if (!learnt) return stopped(options);

    model::Classifier after{
        .backbone = before.backbone, .state = learnt->state, .history = before.history};
    LearnReport report{.growth = plan.growth,
                       .images = learnt->data.train->size(),
                       .config = learnt->config,
                       .freeze_old = options.freeze_old,
                       .seconds = learnt->seconds,
                       .drift = {},
                       .accuracy = {},
                       .calibrated = {}};
    {
        const Examination examination(options, before, plan.growth, watcher);
        examination.set_means(after, *learnt->data.train);
        const data::Dataset& tests = tests_of(learnt->data, test);
        if (tests.size() > 0) examination.test(after, tests, report);
    }
    report.drift = predict::drift_between(before, after, plan.growth.prompts);
    add_event(after, before, report);
    model::write_classifier(options.output, after);
    std::error_code ignored;  // what stays behind does no harm
    fs::remove_all(options.workdir(), ignored);
    print(report, options);
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
