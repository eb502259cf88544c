#include "promptcl/cli/commands.h"
#include "promptcl/cli/console.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opening.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/method/freeze_part.h"
#include "promptcl/method/trained_vit.h"
#include "promptcl/train/event_log.h"
#include "promptcl/train/results.h"
#include "promptcl/train/trainer.h"
#include "promptcl/vit/weights.h"

#include <fmt/format.h>

namespace promptcl::cli {
namespace {

constexpr std::size_t kNamedFiles = 5;  // skipped files named one by one

void tell_skipped(const data::DataSource& data, Console& console) {
    if (data.skipped.empty()) return;
    std::string text = fmt::format("{} image{} skipped:", data.skipped.size(),
                                   data.skipped.size() == 1 ? " was" : "s were");
    for (std::size_t i = 0; i < std::min(kNamedFiles, data.skipped.size()); ++i)
        text += "\n  " + data.skipped[i];
    if (data.skipped.size() > kNamedFiles) text += "\n  ... (all are named in results.json)";
    console.note(text);
}

train::Experiment open_shown(const TrainOptions& options) {
    Opening opening(options.quiet ? Opening::Amount::kNotesOnly : Opening::Amount::kEverything);
    return train::open_experiment(options.config, opening);
}

std::string kind_of_vit(const train::Experiment& experiment) {
    const auto& geometry = experiment.backbone->geometry();
    const auto trained = method::trained_weights(experiment.config, geometry).size();
    if (trained == 0) return "a frozen ViT";
    return trained == vit::weight_names(geometry).size() ? "a ViT that is trained too"
                                                         : "a ViT that is trained in part";
}

/// Which engine computes the ViT, and why it is the slower one if nobody asked for that.
std::string engine_words(const train::Experiment& experiment) {
    const auto name = experiment.backbone->name();
    const auto reason = method::needs_plain(experiment.config, experiment.backbone->geometry());
    if (experiment.config.engine != "auto" || !reason) return fmt::format(", {} engine", name);
    return fmt::format(", {} engine ({})", name, *reason);
}

void print_beginning(const train::Experiment& experiment) {
    const auto plural = [](std::int64_t count) { return count == 1 ? "" : "s"; };
    const auto tasks = std::ssize(experiment.stream.tasks);
    fmt::print("{} learns {} classes of {} in {} task{}, over {} ({}), on {} thread{}{}\n",
               experiment.config.method, experiment.stream.num_classes, experiment.config.dataset,
               tasks, plural(tasks), kind_of_vit(experiment),
               experiment.backbone->geometry().describe(), tensor::threads(),
               plural(tensor::threads()), engine_words(experiment));
    std::fflush(stdout);
}

}  // namespace

int run_train(const TrainOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(options.config.num_threads);
    Console console(options.quiet ? Console::Amount::kTablesOnly : Console::Amount::kEverything);

    for (const std::string& note : options.notes)
        fmt::print(stderr, "promptcl: {}\n", note);
    train::require_device(options.config);  // before there is a folder
    const train::RunFolder folder(options.workdir);
    folder.create(options.config);
    const train::Experiment experiment = open_shown(options);
    tell_skipped(experiment.data, console);
    if (!options.quiet) print_beginning(experiment);

    train::EventLog events(options.workdir);
    train::Trainer trainer(experiment, folder, {&console, &events});
    if (trainer.run(interrupted) == train::Outcome::kInterrupted) {
        const auto& position = trainer.progress().position;
        fmt::print(stderr,
                   "promptcl: stopped at task {}, step {}; everything is saved, the same command "
                   "goes on from here\n",
                   position.task + 1, position.step);
        return interrupt_exit_code();
    }
    if (!options.quiet) {
        const auto& progress = trainer.progress();
        fmt::print(
            "\n{}, {:.1f} % of training spent waiting for images, at most {} of memory; results "
            "in {}, curves: tensorboard --logdir {}\n",
            clock_text(progress.train_seconds + progress.eval_seconds),
            100 * progress.input_wait_seconds / std::max(progress.train_seconds, 1e-9),
            human_bytes(static_cast<double>(train::peak_memory_bytes())),
            folder.results_file().string(), options.workdir.string());
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
