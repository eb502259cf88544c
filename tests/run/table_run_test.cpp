// `promptcl table` from one end to the other, on runs small enough for a test.
#include "promptcl/config/print.h"
#include "promptcl/io/file.h"

#include "tests/run/process.h"
#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace promptcl {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Outcome {
    int code = -1;
    std::string output;  // of both streams
};

class TableOfRuns : public ::testing::Test {
  protected:
    void SetUp() override {
        support::write_tiny_backbone(folder_.path());
        for (const std::string method : {"ncm", "ft_seq_frozen", "l2p"}) {
            folder_.write(method + ".toml",
                          config::to_toml(support::tiny_run_config(method, folder_.path())));
        }
    }

    std::string config(const std::string& method) const { return path(method + ".toml"); }
    std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

    support::Process start(std::vector<std::string> words) const {
        words.insert(words.begin(), {"table", "--workdir", path("runs")});
        return {std::move(words), folder_.path() / "log"};
    }
    Outcome table(std::vector<std::string> words) const {
        support::Process process = start(std::move(words));
        const int status = process.wait();
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, process.log()};
    }
    fs::path results(const std::string& run) const {
        return folder_.path() / "runs" / run / "results.json";
    }

    TemporaryFolder folder_;
};

TEST_F(TableOfRuns, RunsWhatIsMissingOnceAndPrintsMeanAndDeviation) {
    const std::vector<std::string> words = {
        "--config", config("ncm"), "--config",   config("ft_seq_frozen"),
        "--seeds",  "1,2",         "--parallel", "2"};
    const Outcome first = table(words);
    EXPECT_EQ(first.code, 0) << first.output;
    EXPECT_THAT(first.output,
                AllOf(HasSubstr("ncm-seed1: starts"), HasSubstr("ft_seq_frozen-seed2: finished"),
                      HasSubstr("ft_seq_frozen, unmasked  2 "), HasSubstr(" ± "),
                      HasSubstr("over the seeds 1, 2")));
    const auto written = fs::last_write_time(results("ncm-seed1"));

    const Outcome second = table(words);
    EXPECT_EQ(second.code, 0);
    EXPECT_THAT(second.output, AllOf(Not(HasSubstr("starts")), HasSubstr(" ± ")));
    EXPECT_EQ(fs::last_write_time(results("ncm-seed1")), written);

    auto changed = words;
    changed.insert(changed.end(), {"--set", "continual.num_tasks=2"});
    const Outcome refused = table(changed);
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.output, AllOf(HasSubstr("ncm-seed1 holds a run of another configuration"),
                                      HasSubstr("continual.num_tasks is 3 there, 2 here")));
}

TEST_F(TableOfRuns, GoesOnWithWhatWasInterrupted) {
    const std::vector<std::string> words = {"--config", config("l2p"), "--seeds",
                                            "1",        "--set",       "checkpoint_every_steps=1",
                                            "--set",    "num_epochs=4"};
    support::Process process = start(words);
    const fs::path checkpoint =
        folder_.path() / "runs/l2p-seed1/checkpoints/step-00000002.safetensors";
    while (process.running() && !fs::exists(checkpoint))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process.signal(SIGINT);
    const int status = process.wait();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 128 + SIGINT);
    EXPECT_THAT(process.log(),
                AllOf(HasSubstr("l2p-seed1: saved"), HasSubstr("goes on from here")));

    EXPECT_THAT(table({"--config", config("l2p"), "--seeds", "1", "--dry-run", "--set",
                       "checkpoint_every_steps=1", "--set", "num_epochs=4"})
                    .output,
                HasSubstr("1 of 1 runs to do"));
    const Outcome rest = table(words);
    EXPECT_EQ(rest.code, 0) << rest.output;
    EXPECT_THAT(rest.output, HasSubstr("l2p-seed1: goes on"));
    EXPECT_THAT(io::read_file(folder_.path() / "runs/l2p-seed1/train.log"),
                HasSubstr("resuming at task"));
}

TEST_F(TableOfRuns, PrintsARowForARunThatFailedAndGoesOnWithTheOthers) {
    folder_.write("broken.npz", "no zip");
    const Outcome outcome =
        table({"--config", config("ncm") + ",init_checkpoint=" + path("broken.npz"), "--config",
               config("ft_seq_frozen"), "--seeds", "1", "--csv"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.output, AllOf(HasSubstr("-seed1 failed: "), HasSubstr("broken.npz"),
                                      HasSubstr("\nft_seq_frozen,\"ft_seq_frozen, unmasked\"")));
}

TEST_F(TableOfRuns, RefusesAnotherBackboneThanThatOfAFinishedRun) {
    const std::vector<std::string> words = {"--config", config("ncm"), "--seeds", "1"};
    ASSERT_EQ(table(words).code, 0);
    support::write_tiny_backbone(folder_.path(), /*seed=*/2);
    const Outcome outcome = table(words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.output, HasSubstr("holds a run with another backbone"));
}

}  // namespace
}  // namespace promptcl
