#include "promptcl/train/teaching.h"

#include "promptcl/config/load.h"
#include "promptcl/core/clock.h"
#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/file.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/undo.h"
#include "promptcl/runs/run_config.h"
#include "promptcl/teach/examination.h"
#include "promptcl/teach/lesson_plan.h"
#include "promptcl/train/learning.h"
#include "promptcl/train/trainer.h"

#include <fmt/format.h>
#include <utility>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;

/// The run folder, made or found as the same lesson left it.
RunFolder begin_folder(const model::Classifier& before, const teach::Request& request,
                       const config::Config& config) {
    const fs::path& workdir = request.workdir;
    const std::string hint = fmt::format(
        "remove {} to begin anew, or let the lesson have another place", workdir.string());
    const std::string begun = nlohmann::ordered_json{
        {"model_sha256", model::sha256_of(before)},
        {"freeze_old",
         request.freeze_old}}.dump();
    const fs::path note = workdir / "begun.json";
    if (runs::holds_checkpoint(workdir)) {
        if (!fs::exists(note) || io::read_file(note) != begun) {
            throw UsageError(
                fmt::format("{} goes on from another model file, or with another --freeze_old",
                            workdir.string()),
                hint);
        }
        runs::require_same_run(runs::stored_config(workdir), config, workdir, hint);
    }
    RunFolder folder(workdir);
    folder.create(config);
    io::write_file_atomically(note, begun);
    return folder;
}

struct Trained {
    model::State state;
    data::DataSource data;
    config::Config config;
    double seconds = 0;
};

std::optional<Trained> trained(const teach::Request& request, const Lesson& lesson,
                               const std::function<data::DataSource()>& open_data,
                               const Watching& watching) {
    Experiment experiment = open_lesson(lesson, request.config, open_data);
    const RunFolder folder = begin_folder(lesson.classifier, request, experiment.config);
    Trained result{.state = {}, .data = {}, .config = experiment.config};
    {
        Trainer trainer(experiment, folder, {&watching.training});
        if (trainer.run(watching.stop) == Outcome::kInterrupted) return std::nullopt;
        result.state = learnt_state(lesson, trainer.method());
        result.seconds = trainer.progress().train_seconds;
    }
    result.data = std::move(experiment.data);
    return result;
}

/// The images to test on: those that were asked for, or else those that the taught folder keeps for
/// it.
const data::Dataset& tests_of(const data::DataSource& taught,
                              const std::optional<data::DataSource>& given) {
    if (!given) return *taught.test;
    return given->test->size() > 0 ? *given->test : *given->train;
}

void add_event(model::Classifier& after, const model::Classifier& before,
               const teach::Report& report) {
    const model::Growth& growth = report.growth;
    model::Event event{.when = utc_now(),
                       .action = growth.added.empty() ? "extend" : "learn",
                       .classes = growth.added,
                       .images = report.images,
                       .results = teach::to_json(report),
                       .undo = nullptr,
                       .undo_arrays = {}};
    event.classes.insert(event.classes.end(), growth.extended.begin(), growth.extended.end());
    model::remember(event, before.state, after.state);
    after.history.push_back(std::move(event));
}

}  // namespace

std::optional<Taught> teach_lesson(const model::Classifier& before, const teach::Request& request,
                                   const Watching& watching) {
    teach::LessonPlan plan = teach::plan_lesson(before, request);
    std::optional<data::DataSource> test;
    const auto open_data = [&] {
        if (plan.test) test = plan.test->open(plan.growth.class_names, watching.reading);
        return plan.data.open(plan.growth.class_names, watching.reading);
    };
    const Lesson lesson{.classifier = before,
                        .growth = plan.growth,
                        .old = request.freeze_old ? Old::kHeld : Old::kMoving,
                        .name = request.name};
    auto learnt = trained(request, lesson, open_data, watching);
    if (!learnt) return std::nullopt;

    Taught result{.classifier = {.backbone = before.backbone,
                                 .state = std::move(learnt->state),
                                 .history = before.history},
                  .report = {.growth = plan.growth,
                             .images = learnt->data.train->size(),
                             .config = learnt->config,
                             .freeze_old = request.freeze_old,
                             .seconds = learnt->seconds,
                             .drift = {},
                             .accuracy = {},
                             .calibrated = {}}};
    const teach::Examination examination(before, result.report, request.name, watching.reading);
    examination.set_means(result.classifier, *learnt->data.train);
    const data::Dataset& tests = tests_of(learnt->data, test);
    if (tests.size() > 0) examination.test(result.classifier, tests);
    examination.measure_drift(result.classifier);
    add_event(result.classifier, before, result.report);
    return result;
}

}  // namespace promptcl::train
