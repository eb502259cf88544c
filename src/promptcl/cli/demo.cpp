#include "promptcl/cli/commands.h"
#include "promptcl/cli/console.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/table.h"
#include "promptcl/config/load.h"
#include "promptcl/config/locate.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/train/event_log.h"
#include "promptcl/train/trainer.h"

#include <array>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

struct Contestant {
    const char* config;
    const char* what;
};

constexpr std::array kContestants = {
    Contestant{"demo_ft_seq_frozen", "a linear head alone, trained task after task"},
    Contestant{"demo_ncm", "class means of the frozen features"},
    Contestant{"demo_l2p", "L2P: prompts chosen from a pool by the image"},
    Contestant{"demo_dualprompt", "DualPrompt: prompts for all tasks and for each task"},
};

/// With the absolute path of the shipped backbone: the run folder is read again from other places.
config::Config configuration(const Contestant& contestant) {
    config::Config config = config::load_config(contestant.config);
    const fs::path shipped = config::shipped_config_folder().parent_path() / config.init_checkpoint;
    config.init_checkpoint = fs::absolute(shipped).lexically_normal().string();
    return config;
}

Row row_of(const config::Config& config, const train::Progress& progress) {
    const std::int64_t last = config.continual.num_tasks - 1;
    return {config.method,
            percent(progress.configured.average_accuracy(last), 1),
            percent(progress.configured.forgetting(last), 1),
            percent(progress.configured.learning_accuracy(last), 1),
            percent(progress.instance.average_accuracy(last), 1),
            clock_text(progress.train_seconds + progress.eval_seconds)};
}

}  // namespace

int run_demo(const DemoOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(0);
    const config::Config first = configuration(kContestants.front());
    fmt::print(
        "A small ViT, pre-trained on 20 classes of drawn images, stays frozen. Four methods learn "
        "{} other classes,\n"
        "{} tasks of {} classes one after the other, and never see the images of an earlier task "
        "again.\n\n",
        first.continual.num_tasks * first.continual.num_classes_per_task, first.continual.num_tasks,
        first.continual.num_classes_per_task);
    std::vector<Row> rows;
    for (const Contestant& contestant : kContestants) {
        const config::Config config = configuration(contestant);
        fmt::print("{}: {}\n", config.method, contestant.what);
        std::fflush(stdout);
        const train::RunFolder folder(options.workdir / config.method);
        folder.create(config);
        const train::Experiment experiment = train::open_experiment(config);
        Console console(Console::Amount::kProgressOnly);
        train::EventLog events(folder.path());
        train::Trainer trainer(experiment, folder, {&console, &events});
        if (trainer.run(interrupted) == train::Outcome::kInterrupted) {
            fmt::print(
                stderr,
                "promptcl: stopped; everything is saved, the same command goes on from here\n");
            return interrupt_exit_code();
        }
        rows.push_back(row_of(config, trainer.progress()));
    }
    fmt::print("\n{}", format_table({"method", "accuracy", "forgetting", "when learnt",
                                     "instance-wise", "time"},
                                    rows));
    fmt::print(
        "\naccuracy: mean over all tasks at the end. forgetting: mean loss since a task was known "
        "best. when learnt: mean\n"
        "accuracy on each task right after it was learnt. instance-wise: each image alone, without "
        "the batch's vote.\n"
        "curves: tensorboard --logdir {}   one run: promptcl eval {}\n",
        options.workdir.string(), (options.workdir / "l2p").string());
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
