// What the demo shows, as rules: its configurations on its backbone. Minutes, so it is labelled
// slow.
#include "promptcl/config/load.h"
#include "promptcl/train/trainer.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;

struct Figures {
    double accuracy, forgetting, instance_accuracy;
};

Figures figures_of(const std::string& name) {
    const fs::path source = PROMPTCL_SOURCE_DIR;
    config::Config config = config::load_config(source / "configs" / (name + ".toml"));
    config.init_checkpoint = (source / config.init_checkpoint).string();
    const TemporaryFolder workdir;
    const RunFolder folder(workdir.path() / "run");
    folder.create(config);
    const Experiment experiment = open_experiment(config);
    Trainer trainer(experiment, folder, {});
    trainer.run([] { return false; });
    const std::int64_t last = config.continual.num_tasks - 1;
    const Progress& progress = trainer.progress();
    return {.accuracy = progress.configured.average_accuracy(last),
            .forgetting = progress.configured.forgetting(last),
            .instance_accuracy = progress.instance.average_accuracy(last)};
}

constexpr double kChance = 1.0 / 20;

TEST(Demo, PromptsLearnAndForgetFarLessThanAHeadAlone) {
    const Figures head = figures_of("demo_ft_seq_frozen");
    const Figures l2p = figures_of("demo_l2p");
    const Figures dualprompt = figures_of("demo_dualprompt");
    EXPECT_GT(l2p.accuracy, 5 * kChance);
    EXPECT_GT(dualprompt.accuracy, 5 * kChance);
    EXPECT_GT(l2p.accuracy, head.accuracy + 0.15);
    EXPECT_GT(dualprompt.accuracy, head.accuracy + 0.15);
    EXPECT_LT(l2p.forgetting, head.forgetting / 2);
    EXPECT_LT(dualprompt.forgetting, head.forgetting / 2);
}

TEST(Demo, ClassMeansNeverForgetMoreThanNewClassesTakeFromThem) {
    const Figures means = figures_of("demo_ncm");
    EXPECT_GT(means.accuracy, 5 * kChance);
    EXPECT_EQ(means.accuracy, means.instance_accuracy) << "no prompts, no vote";
}

}  // namespace
}  // namespace promptcl::train
