#include "promptcl/config/print.h"

#include "promptcl/config/load.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace promptcl::config {
namespace {

using ::testing::HasSubstr;

Config written_and_read(const Config& config) {
    const TemporaryFolder folder;
    return load_config(folder.write("config.toml", to_toml(config)));
}

TEST(ToToml, ReadsBackAnEqualConfigurationOfEveryMethod) {
    for (const auto* method : {"l2p", "dualprompt", "ft_seq_frozen", "ncm"}) {
        const Config config = method_defaults(method);
        EXPECT_EQ(written_and_read(config), config) << method;
    }
}

TEST(ToToml, KeepsEveryBitOfADouble) {
    Config config;
    for (const double value :
         {0.1 + 0.2, 1.0, 1e-8, 1e300, -0.5, 1.0 / 3, std::numeric_limits<double>::denorm_min()}) {
        config.learning_rate = value;
        EXPECT_EQ(written_and_read(config).learning_rate, value);
    }
}

TEST(ToToml, EscapesWhatATextMayHold) {
    Config config;
    config.data_dir = "C:\\images \"new\"\n\ttab \x01 \x7f \xc3\xa9 # no comment";
    config.freeze_part = {"a]", ", \""};
    EXPECT_EQ(written_and_read(config), config);
}

TEST(ToToml, GroupsKeysInTablesAndSaysWhatTheyMean) {
    const std::string text = to_toml(Config());
    EXPECT_THAT(text, HasSubstr("\n[prompt_pool_param]\npool_size = 10"));
    EXPECT_THAT(text, HasSubstr("# N: prompts chosen for an image"));
    EXPECT_THAT(text, HasSubstr("(adam, adamw, sgd)"));
}

TEST(Differences, NameTheKeysAndBothValues) {
    Config changed;
    changed.prompt_pool_param.length = 7;
    changed.optim = "sgd";
    const auto found = differences(Config(), changed);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].key, "optim");
    EXPECT_EQ(found[0].left, "\"adam\"");
    EXPECT_EQ(found[0].right, "\"sgd\"");
    EXPECT_EQ(found[1].key, "prompt_pool_param.length");
    EXPECT_EQ(found[1].left, "10");
    EXPECT_EQ(found[1].right, "7");
}

TEST(Differences, AreNoneBetweenEqualConfigurations) {
    EXPECT_TRUE(differences(Config(), Config()).empty());
    EXPECT_EQ(Config(), Config());
    EXPECT_NE(Config(), method_defaults("ncm"));
}

}  // namespace
}  // namespace promptcl::config
