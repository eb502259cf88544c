#include "promptcl/cli/arguments.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::cli {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> own(const std::vector<std::string>& arguments) {
    return with_own_flags(arguments);
}

TEST(OriginalFlags, NameTheConfigurationFile) {
    EXPECT_THAT(own({"train", "--my_config", "a.toml"}),
                ElementsAre("train", "--config", "a.toml"));
    EXPECT_THAT(own({"--my_config=a.toml"}), ElementsAre("--config=a.toml"));
}

TEST(OriginalFlags, SetADottedKeyWithOrWithoutAnEqualsSign) {
    EXPECT_THAT(own({"--my_config.continual.num_tasks=5"}),
                ElementsAre("--set=continual.num_tasks=5"));
    EXPECT_THAT(own({"--my_config.seed", "5", "--workdir", "x"}),
                ElementsAre("--set=seed=5", "--workdir", "x"));
}

TEST(OriginalFlags, TakeANegativeValue) {
    EXPECT_THAT(own({"--my_config.subsample_rate", "-1"}), ElementsAre("--set=subsample_rate=-1"));
}

TEST(OriginalFlags, WithoutAValueAreRefused) {
    EXPECT_THROW(own({"--my_config.seed"}), UsageError);
    EXPECT_THROW(own({"--my_config.seed", "--workdir", "x"}), UsageError);
}

TEST(OtherFlags, StayAsTheyAre) {
    EXPECT_THAT(own({"train", "--set", "seed=5", "--my_configs"}),
                ElementsAre("train", "--set", "seed=5", "--my_configs"));
}

}  // namespace
}  // namespace promptcl::cli
