#include "promptcl/config/load.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Config with(std::string key, std::string value) {
    return make_config(std::vector<Override>{{std::move(key), std::move(value)}});
}

std::string refusal(std::string key, std::string value) {
    return message_of<UsageError>([&] { with(key, value); });
}

TEST(LoadConfig, ReadsNestedTablesAsDottedKeys) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.toml", "num_epochs = 3\n[prompt_pool_param]\nlength = 7\n");
    const Config config = load_config(file);
    EXPECT_EQ(config.num_epochs, 3);
    EXPECT_EQ(config.prompt_pool_param.length, 7);
    EXPECT_EQ(config.prompt_pool_param.pool_size, Config().prompt_pool_param.pool_size);
}

TEST(LoadConfig, PutsTheFileOverItsBaseAndTheCommandLineOverBoth) {
    const TemporaryFolder folder;
    folder.write("base/common.toml", "num_epochs = 3\nseed = 3\nnum_workers = 3\n");
    const auto file =
        folder.write("a.toml", "base = \"base/common.toml\"\nseed = 4\nnum_workers = 4");
    const Config config = load_config(file, std::vector<Override>{{"num_workers", "5"}});
    EXPECT_EQ(config.num_epochs, 3);
    EXPECT_EQ(config.seed, 4);
    EXPECT_EQ(config.num_workers, 5);
}

TEST(LoadConfig, RefusesFilesThatIncludeEachOther) {
    const TemporaryFolder folder;
    folder.write("b.toml", "base = \"a.toml\"");
    const auto file = folder.write("a.toml", "base = \"b.toml\"");
    EXPECT_THAT(message_of<UsageError>([&] { load_config(file); }), HasSubstr("includes itself"));
}

TEST(LoadConfig, PutsTheFileOverTheDefaultsOfTheMethod) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.toml", "method = \"dualprompt\"\ng_prompt_length = 9\n");
    const Config config = load_config(file);
    EXPECT_EQ(config.per_device_batch_size, 24);
    EXPECT_EQ(config.g_prompt_length, 9);
    EXPECT_THAT(config.e_prompt_layer_idx, ElementsAre(2, 3, 4));
}

TEST(LoadConfig, TakesTheDefaultsOfTheMethodThatTheCommandLineNames) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.toml", "method = \"dualprompt\"\n");
    const Config config = load_config(file, std::vector<Override>{{"method", "ncm"}});
    EXPECT_EQ(config.per_device_batch_size, Config().per_device_batch_size);
    EXPECT_FALSE(config.use_e_prompt);
}

TEST(LoadConfig, NamesTheFileTheLineAndTheNearestKeyOfAnUnknownOne) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.toml", "seed = 1\n[promt_pool_param]\nlength = 7\n");
    EXPECT_EQ(message_of<UsageError>([&] { load_config(file); }),
              "unknown key \"promt_pool_param.length\" in " + file.string() +
                  " (line 3); did you mean \"prompt_pool_param.length\"?");
}

TEST(LoadConfig, NamesTheFileAndTheLineThatIsNotToml) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.toml", "seed = 1\nnum_epochs = = 2\n");
    EXPECT_THAT(message_of<UsageError>([&] { load_config(file); }),
                AllOf(HasSubstr(file.string()), HasSubstr("line 2")));
}

TEST(LoadConfig, TellsOfAMissingFileWhereTheOthersAre) {
    EXPECT_THAT(message_of<Error>([] { load_config("no/such.toml"); }),
                AllOf(HasSubstr("no/such.toml"), HasSubstr("promptcl list configs")));
}

TEST(LoadConfig, RefusesAFolder) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of<Error>([&] { load_config(folder.path()); }), HasSubstr("folder"));
}

TEST(LoadConfig, FindsAShippedConfigurationByItsBareName) {
    EXPECT_EQ(load_config("cifar100_dualprompt").method, "dualprompt");
    EXPECT_EQ(load_config("cifar100_l2p.toml").method, "l2p");
}

TEST(LoadConfig, SuggestsTheShippedConfigurationOfANearbyName) {
    EXPECT_THAT(message_of<Error>([] { load_config("cifar10_l2p"); }),
                HasSubstr("did you mean \"cifar100_l2p\"?"));
}

TEST(Override, IsSplitAtTheFirstEqualsSign) {
    const Override change = parse_override("data_dir=a=b");
    EXPECT_EQ(change.key, "data_dir");
    EXPECT_EQ(change.value, "a=b");
    EXPECT_THROW(parse_override("data_dir"), UsageError);
    EXPECT_THROW(parse_override("=3"), UsageError);
}

TEST(Override, MayBeWrittenInTomlOrInPython) {
    EXPECT_FALSE(with("use_e_prompt", "false").use_e_prompt);
    EXPECT_FALSE(with("use_e_prompt", "False").use_e_prompt);
    EXPECT_TRUE(with("use_g_prompt", "True").use_g_prompt);
    EXPECT_THAT(with("e_prompt_layer_idx", "[2, 3]").e_prompt_layer_idx, ElementsAre(2, 3));
    EXPECT_THAT(with("e_prompt_layer_idx", "(2,3)").e_prompt_layer_idx, ElementsAre(2, 3));
    EXPECT_THAT(with("e_prompt_layer_idx", "(2,)").e_prompt_layer_idx, ElementsAre(2));
    EXPECT_THAT(with("e_prompt_layer_idx", "()").e_prompt_layer_idx, IsEmpty());
    EXPECT_THAT(with("freeze_part", "['a', \"b\"]").freeze_part, ElementsAre("a", "b"));
    EXPECT_THAT(with("freeze_part", "None").freeze_part, IsEmpty());
    EXPECT_EQ(with("init_checkpoint", "None").init_checkpoint, "");
    EXPECT_EQ(with("subsample_rate", "-1").subsample_rate, -1);
}

TEST(Override, OfANumberMayBeWholeOrInPythonsShortForm) {
    EXPECT_EQ(with("learning_rate", "16").learning_rate, 16.0);
    EXPECT_EQ(with("learning_rate", "3e-2").learning_rate, 0.03);
    EXPECT_EQ(with("learning_rate", ".5").learning_rate, 0.5);
    EXPECT_EQ(with("learning_rate", "5.").learning_rate, 5.0);
}

TEST(Override, OfATextIsTakenAsTyped) {
    EXPECT_EQ(with("data_dir", "my images").data_dir, "my images");
    EXPECT_EQ(with("data_dir", "2023").data_dir, "2023");
    EXPECT_EQ(with("data_dir", "true").data_dir, "true");
    EXPECT_EQ(with("data_dir", "\"quoted\"").data_dir, "quoted");
    EXPECT_EQ(with("data_dir", "#1").data_dir, "#1");
    EXPECT_EQ(with("data_dir", "a\nseed = 5").data_dir, "a\nseed = 5");
    EXPECT_EQ(with("data_dir", "").data_dir, "");
}

TEST(Override, OfAnotherTypeIsRefusedWithTheKeyTheValueAndWhatToGive) {
    EXPECT_EQ(refusal("num_epochs", "ten"),
              "num_epochs cannot be ten (on the command line); give a whole number");
    EXPECT_THAT(refusal("num_epochs", "1.5"), EndsWith("give a whole number"));
    EXPECT_THAT(refusal("num_epochs", "None"), EndsWith("give a whole number"));
    EXPECT_THAT(refusal("num_epochs", "99999999999999999999"), EndsWith("give a whole number"));
    EXPECT_THAT(refusal("use_e_prompt", "1"), EndsWith("give true or false"));
    EXPECT_THAT(refusal("learning_rate", "fast"), EndsWith("give a number"));
    EXPECT_THAT(refusal("e_prompt_layer_idx", "0"), HasSubstr("[0, 1]"));
    EXPECT_THAT(refusal("e_prompt_layer_idx", "[0.5]"), HasSubstr("[0, 1]"));
    EXPECT_THAT(refusal("num_epochs", "3\nseed = 5"), EndsWith("give a whole number"));
}

TEST(Override, OutsideTheChoicesIsRefusedWithTheNearest) {
    EXPECT_EQ(refusal("optim", "adm"),
              "optim cannot be \"adm\", valid are adam, adamw, sgd; did you mean \"adam\"? (on the "
              "command line)");
    EXPECT_THAT(refusal("method", "dual_prompt"), HasSubstr("did you mean \"dualprompt\"?"));
    EXPECT_THAT(refusal("method", "gpt"), Not(HasSubstr("did you mean")));
}

TEST(Override, OfAGroupNamesAKeyInIt) {
    EXPECT_THAT(refusal("continual", "3"), HasSubstr("continual.num_tasks"));
}

TEST(Override, ThatIsNotUtf8IsRefused) {
    EXPECT_THAT(refusal("data_dir", "\xff\xfe"), HasSubstr("UTF-8"));
}

}  // namespace
}  // namespace promptcl::config
