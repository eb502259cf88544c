// A run with queries kept from other runs, made on the way, or not kept: the same bits.
#include "promptcl/io/file.h"
#include "promptcl/train/queries.h"

#include "tests/run/tiny_run.h"
#include "tests/support/other_vit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::IsEmpty;
using testing::Not;

/// What a run came to, without what says how long it took and where its files lay.
struct Result {
    io::ArrayMap model, state;
    nlohmann::json configured, instance;
    bool operator==(const Result&) const = default;
};

struct Case {
    std::string name, method;
    std::function<void(config::Config&)> change = [](config::Config&) {};
};

void unaugmented(config::Config& config) {
    config.query_augmentation = false;
}

class QueryCache : public testing::TestWithParam<Case> {
  protected:
    QueryCache() {
        support::write_tiny_backbone(folder_.path());
        config_ = support::tiny_run_config(GetParam().method, folder_.path());
        config_.cache_dir = (folder_ / "cache").string();
        GetParam().change(config_);
    }
    Result run() {
        Experiment experiment = open_experiment(config_);
        asked_ = std::make_shared<support::OtherVit>(experiment.backbone);
        experiment.backbone = asked_;
        const RunFolder folder(folder_ / ("run-" + std::to_string(++runs_)));
        folder.create(config_);
        Trainer trainer(experiment, folder, {});
        trainer.run([] { return false; });
        std::vector<std::string> warnings;
        const auto saved = folder.newest(warnings);
        const auto results = nlohmann::json::parse(io::read_file(folder.results_file()));
        return {.model = saved->model.arrays,
                .state = saved->state.arrays,
                .configured = results.at("configured"),
                .instance = results.at("instance")};
    }
    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(folder_ / "cache"))
            found.push_back(entry.path());
        return found;
    }

    TemporaryFolder folder_;
    config::Config config_;
    std::shared_ptr<support::OtherVit> asked_;
    int runs_ = 0;
};

TEST_P(QueryCache, ChangesNoBitWhetherColdWarmDamagedOrOff) {
    config_.query_cache = false;
    const Result off = run();
    EXPECT_FALSE(fs::exists(config_.cache_dir));
    const auto asked_without = asked_->queried;

    config_.query_cache = true;
    EXPECT_EQ(run(), off) << "cold";
    EXPECT_EQ(asked_->queried, asked_without);
    EXPECT_EQ(run(), off) << "warm";
    EXPECT_THAT(asked_->queried.size(), testing::Le(asked_without.size()));

    for (const auto& file : files()) {
        auto contents = io::read_file(file);
        for (std::size_t place = 300; place < contents.size(); place += 700)
            contents[place] ^= 1;
        std::ofstream(file, std::ios::binary) << contents;
    }
    EXPECT_EQ(run(), off) << "damaged";
}

const Case kCases[] = {
    {"l2p", "l2p"},
    {"l2p_unaugmented", "l2p", unaugmented},
    {"l2p_mean_max", "l2p",
     [](config::Config& config) { config.prompt_pool_param.embedding_key = "mean_max"; }},
    {"l2p_on_augmented_tests", "l2p",
     [](config::Config& config) { config.evaluation.eval_train_augmentation = true; }},
    {"dualprompt_on_two_devices", "dualprompt",
     [](config::Config& config) {
         config.per_device_batch_size = 2;
         config.num_devices = 2;
     }},
    {"l2p_unaugmented_with_replay", "l2p",
     [](config::Config& config) {
         unaugmented(config);
         config.continual.replay.num_samples_per_class = 3;
         config.continual.replay_no_mask = true;
     }},
    {"l2p_unaugmented_in_episodes", "l2p",
     [](config::Config& config) {
         unaugmented(config);
         config.gaussian_schedule = true;
         config.reinit_optimizer = false;
         config.continual.num_tasks = 6;
         config.continual.num_train_steps_per_task = 2;
         config.continual.eval_every_tasks = 4;
     }},
    {"ncm", "ncm"},
    {"ft_seq_frozen", "ft_seq_frozen"},
    {"linear_probe_unaugmented", "linear_probe", unaugmented},
    {"ewc_of_the_head", "ewc",
     [](config::Config& config) {
         config.freeze_part = {"encoder", "embedding", "cls"};
     }},
};

std::string name_of(const testing::TestParamInfo<Case>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Runs, QueryCache, testing::ValuesIn(kCases), name_of);

/// Runs whose methods look at queries alone.
using WarmQueryCache = QueryCache;

TEST_P(WarmQueryCache, LeavesNothingToAskTheBackbone) {
    run();
    EXPECT_THAT(asked_->queried, Not(IsEmpty()));
    config_.seed = 43;
    run();
    EXPECT_THAT(asked_->queried, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Runs, WarmQueryCache,
                         testing::Values(Case{"ncm", "ncm"},
                                         Case{"linear_probe", "linear_probe", unaugmented},
                                         Case{"l2p", "l2p", unaugmented}),
                         name_of);

}  // namespace
}  // namespace promptcl::train
