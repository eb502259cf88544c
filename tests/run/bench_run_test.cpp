// `promptcl bench` from one end to the other, on a ViT small enough for a test.
#include "tests/run/process.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace promptcl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Bench : public ::testing::Test {
  protected:
    std::string bench(const std::string& model, std::vector<std::string> words) const {
        words.insert(words.begin(), {"bench", "--model", model, "--set", "input_size=32", "--set",
                                     "per_device_batch_size=2", "--rounds", "2", "--seconds", "0"});
        support::Process process(words, folder_.path() / "log");
        EXPECT_EQ(process.wait(), 0) << process.log();
        return process.log();
    }

    TemporaryFolder folder_;
};

TEST_F(Bench, MeasuresEveryEngineWithoutAFile) {
    const std::string text = bench("ViT-Ti_16", {});
    EXPECT_THAT(text, AllOf(HasSubstr("ViT-Ti_16, random weights, l2p, batch 2, 32 x 32"),
                            HasSubstr("the same prompts: ok"), HasSubstr("native : plain"),
                            HasSubstr("training step"), HasSubstr("cached queries"),
                            HasSubstr("start to first step"), HasSubstr("peak memory")));
}

TEST_F(Bench, MeasuresAlongTasksClassesAndPrompts) {
    const std::string text = bench("testing", {"--growth"});
    EXPECT_THAT(text, AllOf(HasSubstr("classes: 10000"), HasSubstr("prompts in the pool: 1000"),
                            HasSubstr("tasks: 100")));
}

}  // namespace
}  // namespace promptcl
