#include "promptcl/config/table_file.h"

#include "promptcl/config/load.h"
#include "promptcl/config/locate.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TableFile : public ::testing::Test {
  protected:
    TableSpec read(const std::string& text) {
        return read_table_file(folder_.write("table.toml", text));
    }
    std::string refusal(const std::string& text) {
        return message_of<UsageError>([&] { read(text); });
    }
    TemporaryFolder folder_;
};

TEST_F(TableFile, HoldsTitleSeedsSettingsAndRows) {
    const auto table = read(R"(
        title = "Two methods"
        seeds = [7, 8]
        [set]
        num_epochs = 3
        continual.num_tasks = 5
        [[row]]
        config = "cifar100_l2p"
        [[row]]
        label = "head"
        config = "cifar100_ft_seq_frozen"
        set = {continual.train_mask = true, e_prompt_layer_idx = [0, 1]}
    )");
    EXPECT_EQ(table.title, "Two methods");
    EXPECT_THAT(table.seeds, ElementsAre(7, 8));
    ASSERT_EQ(table.settings.size(), 2U);
    EXPECT_EQ(table.settings[0].key, "continual.num_tasks");
    EXPECT_EQ(table.settings[1].value, 3);
    ASSERT_EQ(table.rows.size(), 2U);
    EXPECT_EQ(table.rows[0].label, "cifar100_l2p");
    EXPECT_THAT(table.rows[0].settings, IsEmpty());
    EXPECT_EQ(table.rows[1].label, "head");
    EXPECT_EQ(table.rows[1].config, "cifar100_ft_seq_frozen");
    const auto config = load_config(table.rows[1].config, table.rows[1].settings);
    EXPECT_TRUE(config.continual.train_mask);
    EXPECT_THAT(config.e_prompt_layer_idx, ElementsAre(0, 1));
}

TEST_F(TableFile, FindsAConfigurationBesideIt) {
    const auto beside = folder_.write("mine.toml", "seed = 5");
    EXPECT_EQ(read("[[row]]\nconfig = \"mine.toml\"").rows[0].config, beside);
}

TEST_F(TableFile, IsRefusedNamingWhatIsWrong) {
    EXPECT_THAT(refusal("title = \"x\""), HasSubstr("has no rows"));
    EXPECT_THAT(refusal("sedes = [1]"), AllOf(HasSubstr("sedes"), HasSubstr("\"seeds\"")));
    EXPECT_THAT(refusal("seeds = [1, -2]"), HasSubstr("seeds"));
    EXPECT_THAT(refusal("seeds = 42"), HasSubstr("list of whole numbers"));
    EXPECT_THAT(refusal("title = 3"), HasSubstr("must be a text"));
    EXPECT_THAT(refusal("[[row]]\nlabel = \"x\""), HasSubstr("(row 1) has no config"));
    EXPECT_THAT(refusal("[[row]]\nconfig = \"x\"\nseed = 1"),
                AllOf(HasSubstr("seed"), HasSubstr("(row 1) is no part of a table file")));
}

TEST_F(TableFile, NamesTheRowWhoseSettingIsWrong) {
    const auto table = read("[[row]]\nconfig = \"cifar100_l2p\"\nset = {num_epoch = 1}");
    EXPECT_THAT(
        message_of<UsageError>([&] { load_config(table.rows[0].config, table.rows[0].settings); }),
        AllOf(HasSubstr("num_epoch"), HasSubstr("(row 1)")));
}

TEST(TableFiles, ThatAreShippedHaveOnlyConfigurationsThatCanBeLoaded) {
    ASSERT_FALSE(shipped_tables().empty());
    for (const auto& file : shipped_tables()) {
        const auto table = read_table_file(file.name);
        EXPECT_TRUE(file.summary.ends_with('.')) << file.path;
        for (const auto& row : table.rows) {
            auto settings = table.settings;
            settings.insert(settings.end(), row.settings.begin(), row.settings.end());
            auto config = load_config(row.config, settings);
            config.init_checkpoint = config.data_dir = "x";
            EXPECT_THAT(config.problems(), IsEmpty()) << file.path << ": " << row.label;
        }
    }
}

TEST(TableRow, OfTheCommandLineIsAConfigurationWithItsSettings) {
    const auto row = parse_row("a/b.toml,num_epochs=2,e_prompt_layer_idx=[0,1],optim=sgd");
    EXPECT_EQ(row.config, "a/b.toml");
    ASSERT_EQ(row.settings.size(), 3U);
    EXPECT_EQ(row.settings[0].value, 2);
    EXPECT_EQ(row.settings[1].value, nlohmann::json({0, 1}));
    EXPECT_EQ(row.settings[2].value, "sgd");
}

TEST(TableRow, IsNamedAfterItsConfigurationAndSettings) {
    EXPECT_EQ(name_of(parse_row("cifar100_l2p")), "cifar100_l2p");
    EXPECT_EQ(name_of(parse_row("x/mine.toml,num_epochs=2,init_checkpoint=a/b c.npz")),
              "mine-num_epochs=2-init_checkpoint=a_b_c.npz");
}

}  // namespace
}  // namespace promptcl::config
