#include "promptcl/report/run_results.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kResults = R"({
  "format": "promptcl-results-1",
  "method": "l2p",
  "tasks_done": 2,
  "num_tasks": 3,
  "configured": {"final": {"avg_acc": 0.75, "anytime_acc": 0.8, "forgetting": 0.125}},
  "instance": {"final": {"avg_acc": 0.5, "anytime_acc": 0.6}},
  "wall_seconds": 12.5,
  "threads": 2,
  "backbone": {"path": "x/vit.npz", "sha256": "abc", "geometry": "patch 16"},
  "config": {"method": "l2p", "seed": 43, "num_epochs": 7},
  "a member of a later version": [1, 2]
})";

class RunResultsFile : public ::testing::Test {
  protected:
    RunResults read(const std::string& text) {
        return read_run_results(folder_.write("results.json", text));
    }
    std::string refusal(const std::string& text) {
        return message_of<Error>([&] { read(text); });
    }
    TemporaryFolder folder_;
};

TEST_F(RunResultsFile, HoldsFiguresConfigurationAndBackbone) {
    const auto results = read(kResults);
    EXPECT_EQ(results.configured.accuracy, 0.75);
    EXPECT_EQ(results.configured.forgetting, 0.125);
    EXPECT_EQ(results.instance.accuracy, 0.5);
    EXPECT_EQ(results.config.seed, 43);
    EXPECT_EQ(results.config.num_epochs, 7);
    EXPECT_EQ(results.wall_seconds, 12.5);
    EXPECT_EQ(results.threads, 2);
    EXPECT_EQ(results.backbone_path, "x/vit.npz");
    EXPECT_EQ(results.backbone_sha256, "abc");
    EXPECT_EQ(results.backbone_geometry, "patch 16");
}

TEST_F(RunResultsFile, HasNoForgettingWhereTheStreamHasNone) {
    EXPECT_EQ(read(kResults).instance.forgetting, std::nullopt);
}

TEST_F(RunResultsFile, IsFinishedWhenAllTasksAreDone) {
    auto results = read(kResults);
    EXPECT_FALSE(results.finished());
    results.tasks_done = 3;
    EXPECT_TRUE(results.finished());
}

TEST_F(RunResultsFile, ThatCannotBeReadIsNamedWithTheReason) {
    EXPECT_THAT(refusal("{\"format\": \"promptcl-results-1\""),
                AllOf(HasSubstr("results.json is damaged"), HasSubstr("parse error")));
    EXPECT_THAT(refusal("{\"format\": \"promptcl-results-1\"}"),
                AllOf(HasSubstr("results.json is damaged"), HasSubstr("'backbone' not found")));
    EXPECT_THAT(refusal("{\"format\": \"promptcl-results-9\"}"),
                HasSubstr("is a \"promptcl-results-9\" file"));
    EXPECT_THAT(message_of<Error>([&] { read_run_results(folder_.path() / "none.json"); }),
                HasSubstr("none.json"));
}

}  // namespace
}  // namespace promptcl::report
