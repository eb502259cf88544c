#include "promptcl/training.h"

#include "promptcl/api/watching.h"
#include "promptcl/report/run_results.h"
#include "promptcl/runs/run_config.h"
#include "promptcl/tensor/failure.h"
#include "promptcl/train/event_log.h"
#include "promptcl/train/loaded_run.h"
#include "promptcl/train/trainer.h"

#include <span>

namespace promptcl {
namespace {

namespace fs = std::filesystem;

Results read_results(const fs::path& file) {
    const auto results = report::read_run_results(file);
    return {.accuracy = results.configured.matrix.rows(),
            .instance_accuracy = results.instance.matrix.rows(),
            .average_accuracy = results.configured.accuracy,
            .average_instance_accuracy = results.instance.accuracy,
            .forgetting = results.configured.forgetting,
            .instance_forgetting = results.instance.forgetting};
}

std::optional<Results> trained(const Run& run, Watcher& watcher) {
    const auto config = runs::training_config(run.config, run.changes, run.workdir);
    tensor::set_threads(config.num_threads);
    train::require_device(config);  // before there is a folder
    const train::RunFolder folder(run.workdir);
    folder.create(config);
    api::Reading reading(watcher);
    const train::Experiment experiment = train::open_experiment(config, reading);
    train::EventLog events(run.workdir);
    api::Training training(watcher);
    train::Trainer trainer(experiment, folder, {&training, &events});
    if (trainer.run([&] { return !watcher.go_on(); }) == train::Outcome::kInterrupted)
        return std::nullopt;
    return read_results(folder.results_file());
}

std::optional<std::vector<TestScore>> evaluated(const Run& run, Watcher& watcher) {
    const auto config = runs::run_config(run.workdir, run.changes, runs::Needs::kBackboneAndData);
    tensor::set_threads(config.num_threads);
    api::Reading reading(watcher);
    const auto scores = train::evaluate_run(
        train::load_run(run.workdir, config, reading),
        [&](std::int64_t test, std::int64_t tests) { watcher.progress("evaluating", test, tests); },
        [&] { return watcher.go_on(); });
    if (!scores) return std::nullopt;
    std::vector<TestScore> result;
    for (const auto& [configured, instance, prompts, images] : *scores) {
        result.push_back({.images = images,
                          .accuracy = configured.accuracy,
                          .loss = configured.loss,
                          .instance_accuracy = instance->accuracy,
                          .instance_loss = instance->loss});
    }
    return result;
}

}  // namespace

std::optional<Results> train_run(const Run& run, Watcher& watcher) {
    return api::stoppable([&] { return trained(run, watcher); });
}

Results train_run(const Run& run) {
    Watcher nobody;
    return train_run(run, nobody).value();
}

std::optional<std::vector<TestScore>> evaluate_run(const Run& run, Watcher& watcher) {
    return api::stoppable([&] { return evaluated(run, watcher); });
}

std::vector<TestScore> evaluate_run(const Run& run) {
    Watcher nobody;
    return evaluate_run(run, nobody).value();
}

}  // namespace promptcl
