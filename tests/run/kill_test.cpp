// The built program, killed and interrupted while it trains.
#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/io/file.h"

#include "tests/run/process.h"
#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

namespace promptcl {
namespace {

namespace fs = std::filesystem;

using support::Process;

Process train(const fs::path& config, const fs::path& workdir) {
    return Process({"train", "--config", config.string(), "--workdir", workdir.string()},
                   workdir.string() + ".log");
}

/// The step of the newest checkpoint, -1 for none.
std::int64_t newest_step(const fs::path& workdir) {
    std::int64_t newest = -1;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(workdir / "checkpoints", missing)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("step-"))
            newest = std::max<std::int64_t>(newest, std::stoll(name.substr(5)));
    }
    return newest;
}

std::string newest_model(const fs::path& workdir) {
    char name[64];
    std::snprintf(name, sizeof name, "step-%08lld.safetensors",
                  static_cast<long long>(newest_step(workdir)));
    return io::read_file(workdir / "checkpoints" / name);
}

/// Waits until a checkpoint of that step or a later one is there, or the process has ended.
void wait_for_step(Process& process, const fs::path& workdir, std::int64_t step) {
    while (process.running() && newest_step(workdir) < step) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

class KilledRun : public testing::Test {
  protected:
    void SetUp() override {
        support::write_tiny_backbone(folder_.path());
        auto config = support::tiny_run_config("l2p", folder_.path());
        config.checkpoint_every_steps = 1;
        config_file_ = folder_.path() / "run.toml";
        std::ofstream(config_file_) << config::to_toml(config);
    }
    fs::path path(const char* name) const { return folder_.path() / name; }

    TemporaryFolder folder_;
    fs::path config_file_;
};

TEST_F(KilledRun, EndsWithTheBitsOfAnUninterruptedOne) {
    Process whole = train(config_file_, path("whole"));
    ASSERT_EQ(whole.wait(), 0) << whole.log();

    int killed = 0;
    for (const std::int64_t step : {1, 2, 9, 12, 13, 24, 30}) {
        Process process = train(config_file_, path("killed"));
        wait_for_step(process, path("killed"), step);
        process.signal(SIGKILL);
        const int status = process.wait();
        killed += WIFSIGNALED(status) ? 1 : 0;
    }
    EXPECT_GE(killed, 3) << "the runs ended before they could be killed";
    Process last = train(config_file_, path("killed"));
    ASSERT_EQ(last.wait(), 0) << last.log();
    EXPECT_EQ(newest_model(path("killed")), newest_model(path("whole")));
    const auto results = [&](const char* name) {
        auto json = nlohmann::json::parse(io::read_file(path(name) / "results.json"));
        return std::pair(json.at("configured"), json.at("instance"));
    };
    EXPECT_EQ(results("killed"), results("whole"));
}

TEST_F(KilledRun, SavesAndSaysSoWhenItIsInterrupted) {
    for (const int signal : {SIGINT, SIGTERM}) {
        const std::string name = signal == SIGINT ? "int" : "term";
        Process process = train(config_file_, folder_.path() / name);
        wait_for_step(process, folder_.path() / name, 2);
        process.signal(signal);
        const int status = process.wait();
        ASSERT_TRUE(WIFEXITED(status));
        EXPECT_EQ(WEXITSTATUS(status), 128 + signal);
        EXPECT_THAT(process.log(), testing::HasSubstr("everything is saved"));
    }
}

TEST(Demo, StoresPathsThatHoldInEveryFolder) {
    const TemporaryFolder folder;
    const fs::path config_file = folder.path() / "demo" / "ft_seq_frozen" / "config.toml";
    Process demo({"demo", "--workdir", (folder.path() / "demo").string()}, folder.path() / "log");
    while (demo.running() && !fs::exists(config_file)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    demo.signal(SIGTERM);
    EXPECT_EQ(WEXITSTATUS(demo.wait()), 128 + SIGTERM) << demo.log();
    const auto config = config::load_config(config_file);
    EXPECT_TRUE(fs::path(config.init_checkpoint).is_absolute()) << config.init_checkpoint;
    EXPECT_TRUE(fs::exists(config.init_checkpoint)) << config.init_checkpoint;
}

}  // namespace
}  // namespace promptcl
