#include "promptcl/config/json.h"

#include "promptcl/config/assign.h"
#include "promptcl/config/load.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ConfigJson, HoldsEveryKeyDottedAndInOrder) {
    const auto json = to_json(Config());
    EXPECT_EQ(json.size(), keys().size());
    EXPECT_EQ(json.begin().key(), "method");
    EXPECT_EQ(json.at("prompt_pool_param.top_k"), 4);
}

TEST(ConfigJson, ReadsBackAnEqualConfiguration) {
    Config config = method_defaults("dualprompt");
    config.learning_rate = 0.1 + 0.2;
    config.data_dir = "a \"quoted\"\n\xc3\xa9 folder";
    const auto text = to_json(config).dump();
    EXPECT_EQ(from_json(nlohmann::json::parse(text), "in a test"), config);
}

TEST(ConfigJson, KeepsTheDefaultOfAKeyThatAnOlderVersionDidNotHave) {
    EXPECT_EQ(from_json({{"num_epochs", 3}}, "in a test").num_epochs, 3);
    EXPECT_EQ(from_json({{"num_epochs", 3}}, "in a test").seed, Config().seed);
}

TEST(ConfigJson, NamesTheFileThatHoldsAKeyOrValueItCannotRead) {
    const auto read = [](const nlohmann::json& values) {
        return message_of<Error>([&] { from_json(values, "in the metadata of x.safetensors"); });
    };
    EXPECT_THAT(read({{"num_epoch", 3}}),
                AllOf(HasSubstr("x.safetensors"), HasSubstr("num_epochs")));
    EXPECT_THAT(read({{"num_epochs", "3"}}),
                AllOf(HasSubstr("x.safetensors"), HasSubstr("whole number")));
    EXPECT_THAT(read(nlohmann::json::array()), HasSubstr("x.safetensors"));
}

TEST(ConfigJson, IsWrongByTheWorldNotByTheUser) {
    try {
        from_json({{"num_epoch", 3}}, "in a test");
        FAIL() << "an unknown key passed";
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::kWorld);
    }
}

TEST(ConfigJson, WrittenBeforeEvalTaskEndOnlyWasAKeyKeepsItsMeaning) {
    Config config;
    config.evaluation.eval_last_only = true;
    auto values = nlohmann::json(to_json(config));
    EXPECT_TRUE(from_json(values, "here").evaluation.eval_last_only);
    values.erase("eval_task_end_only");
    EXPECT_FALSE(from_json(values, "here").evaluation.eval_last_only);
    EXPECT_TRUE(from_json(values, "here").evaluation.eval_task_end_only);
}

}  // namespace
}  // namespace promptcl::config
