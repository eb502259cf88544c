#include "promptcl/report/run_results.h"

#include "promptcl/core/error.h"

#include "tests/report/small_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RunResultsFile : public ::testing::Test {
  protected:
    RunResults read(const std::string& text) {
        return read_run_results(folder_.write("results.json", text));
    }
    RunResults read() { return read(json_.dump()); }
    std::string refusal(const std::string& text) {
        return message_of<Error>([&] { read(text); });
    }
    TemporaryFolder folder_;
    nlohmann::ordered_json json_ = small_results();
};

TEST_F(RunResultsFile, HoldsFiguresConfigurationAndBackbone) {
    json_["config"]["seed"] = 43;
    json_["a member of a later version"] = {1, 2};
    const auto results = read();
    EXPECT_EQ(results.configured.accuracy, 0.625);
    EXPECT_EQ(results.configured.forgetting, 0.25);
    EXPECT_EQ(results.configured.matrix.at(0, 1), 0.25);
    EXPECT_EQ(results.instance.accuracy, 0.375);
    EXPECT_EQ(results.config.seed, 43);
    EXPECT_EQ(results.config.prompt_pool_param.pool_size, 3);
    EXPECT_EQ(results.wall_seconds, 65);
    EXPECT_EQ(results.threads, 2);
    EXPECT_EQ(results.backbone_path, "vit.npz");
    EXPECT_EQ(results.backbone_sha256, "abc");
    EXPECT_EQ(results.backbone_geometry, "patch 16");
    EXPECT_EQ(results.data_sha256, "def");
}

TEST_F(RunResultsFile, HasNoForgettingWhereTheStreamHasNone) {
    json_["instance"]["final"].erase("forgetting");
    EXPECT_EQ(read().instance.forgetting, std::nullopt);
}

TEST_F(RunResultsFile, OfAnOlderVersionDoesNotKnowHowLongItWaited) {
    EXPECT_EQ(read().cost.input_wait_seconds, 6);
    json_.erase("input_wait_seconds");
    EXPECT_EQ(read().cost.input_wait_seconds, 0);
}

TEST_F(RunResultsFile, IsFinishedWhenAllTasksAreDone) {
    EXPECT_TRUE(read().finished());
    json_["num_tasks"] = 3;
    EXPECT_FALSE(read().finished());
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
