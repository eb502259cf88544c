// The presets: their values, written by hand from the sources named in docs/protocol.md, section 8.
#include "promptcl/config/presets.h"

#include "promptcl/config/choices.h"
#include "promptcl/config/json.h"
#include "promptcl/config/load.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace promptcl::config {
namespace {

using ::testing::AllOf;

using ::testing::HasSubstr;

Config made(const std::vector<Override>& changes) {
    return make_config(changes);
}

/// The keys at which a preset differs from the defaults of the method, as JSON text.
using Changes = std::map<std::string, std::string>;
Changes changes(const std::string& preset, const std::string& method,
                const std::vector<Override>& data = {}) {
    std::vector<Override> all = data;
    all.push_back({"method", method});
    const auto plain = to_json(made(all));
    all.push_back({"preset", preset});
    const auto with_preset = to_json(made(all));
    Changes found;
    for (const auto& [key, value] : with_preset.items()) {
        if (value != plain.at(key)) found[key] = value.dump();
    }
    return found;
}

/// What preset_values say for a benchmark, whether its data set can be read yet or not.
Changes values(std::string_view preset, const std::string& method, const std::string& dataset,
               bool gaussian = false) {
    Config config;
    config.method = method;
    config.dataset = dataset;
    config.gaussian_schedule = gaussian;
    Changes found;
    for (const auto& [key, value] : preset_values(preset, config))
        found[std::string(key)] = value;
    return found;
}

TEST(OfficialPreset, ReadsClipsAndEvaluatesAsTheOriginalAndChangesNothingElseOnCifar100) {
    for (const std::string method : {"l2p", "dualprompt"}) {
        EXPECT_EQ(changes("official", method), (Changes{{"grad_clip_scope", "\"all\""},
                                                        {"eval_drop_remainder", "true"},
                                                        {"crop_max_aspect", "1.33"},
                                                        {"jpeg_dct", "\"fast\""},
                                                        {"train_jpeg", "true"},
                                                        {"subsample_order", "\"first\""}}))
            << method;
    }
}

TEST(PublishedPreset, IsTheOfficialOneOnEightDevices) {
    for (const std::string method : {"l2p", "dualprompt"}) {
        for (const std::string dataset : {"cifar100", "core50", "imagenet_r"}) {
            Changes expected = values("official", method, dataset);
            expected["num_devices"] = "8";
            EXPECT_EQ(values("published", method, dataset), expected) << method << dataset;
        }
    }
    EXPECT_EQ(made({{"preset", "published"}}).global_batch_size(), 8 * 16);
    EXPECT_EQ(made({{"preset", "published"}, {"method", "dualprompt"}}).global_batch_size(),
              8 * 24);
}

TEST(OfficialPreset, HasTheValuesOfTheStoredConfigurations) {
    const Changes cifar = values("official", "l2p", "cifar100");
    EXPECT_EQ(cifar.at("prompt_pool_param.pool_size"), "10");
    EXPECT_EQ(cifar.at("prompt_pool_param.length"), "10");
    EXPECT_EQ(cifar.at("prompt_pool_param.top_k"), "4");
    EXPECT_EQ(cifar.at("pull_constraint_coeff"), "1.0");
    EXPECT_EQ(cifar.at("prompt_pool_param.init_range"), "0.01");
    EXPECT_EQ(cifar.at("gelu"), "tanh");
    EXPECT_FALSE(cifar.contains("eval_train_augmentation"));

    const Changes five = values("official", "l2p", "five_datasets");
    EXPECT_EQ(five.at("prompt_pool_param.pool_size"), "20");
    EXPECT_EQ(five.at("prompt_pool_param.length"), "10");
    EXPECT_EQ(five.at("pull_constraint_coeff"), "0.5");

    const Changes core50 = values("official", "l2p", "core50");
    EXPECT_EQ(core50.at("optim"), "sgd");
    EXPECT_EQ(core50.at("freeze_part"), "[]");
    EXPECT_EQ(core50.at("prompt_pool_param.length"), "5");
    EXPECT_EQ(core50.at("prompt_pool_param.top_k"), "4");
    EXPECT_EQ(core50.at("eval_train_augmentation"), "true");
    EXPECT_EQ(core50.at("continual.counted_percent"), "99");

    const Changes gaussian = values("official", "l2p", "cifar100", true);
    EXPECT_EQ(gaussian.at("prompt_pool_param.length"), "10");
    EXPECT_EQ(gaussian.at("prompt_pool_param.top_k"), "4");
    EXPECT_EQ(gaussian.at("pull_constraint_coeff"), "1.0");
    EXPECT_EQ(gaussian.at("continual.num_train_steps_per_task"), "-1");

    const Changes imagenet_r = values("official", "dualprompt", "imagenet_r");
    EXPECT_EQ(imagenet_r.at("prompt_pool_param.length"), "20");
    EXPECT_EQ(imagenet_r.at("prompt_pool_param.batchwise_prompt"), "false");
    EXPECT_EQ(imagenet_r.at("learning_rate"), "0.005");
}

TEST(PaperPreset, HasTheValuesOfTheL2pPaper) {
    EXPECT_EQ(changes("paper", "l2p"), (Changes{{"per_device_batch_size", "128"},
                                                {"prompt_pool_param.length", "5"},
                                                {"prompt_pool_param.top_k", "5"},
                                                {"prompt_pool_param.batchwise_prompt", "false"},
                                                {"pull_constraint_coeff", "0.5"}}));
    const Changes five = values("paper", "l2p", "five_datasets");
    EXPECT_EQ(five.at("prompt_pool_param.pool_size"), "20");
    EXPECT_EQ(five.at("prompt_pool_param.length"), "5");
    EXPECT_EQ(five.at("prompt_pool_param.top_k"), "4");
    EXPECT_EQ(five.at("pull_constraint_coeff"), "0.5");
    EXPECT_EQ(values("paper", "l2p", "cifar100", true).at("num_epochs"), "1");
    EXPECT_EQ(values("paper", "l2p", "core50").at("optim"), "adam");
    EXPECT_EQ(values("paper", "l2p", "core50").at("freeze_part"),
              "[\"encoder\", \"embedding\", \"cls\"]");
}

TEST(PaperPreset, HasLongerExpertPromptsForDualPrompt) {
    EXPECT_EQ(changes("paper", "dualprompt"),
              (Changes{{"per_device_batch_size", "128"},
                       {"learning_rate", "0.005"},
                       {"prompt_pool_param.length", "20"},
                       {"prompt_pool_param.batchwise_prompt", "false"}}));
}

TEST(PyTorchPortPreset, HasTheValuesOfL2pPytorch) {
    EXPECT_EQ(changes("pytorch-port", "l2p"), (Changes{{"gelu", "\"erf\""},
                                                       {"prompt_placement", "\"after_cls\""},
                                                       {"prompt_position_embedding", "true"},
                                                       {"prompt_pool_param.length", "5"},
                                                       {"prompt_pool_param.top_k", "5"},
                                                       {"prompt_pool_param.init_range", "1.0"},
                                                       {"pull_constraint_coeff", "0.1"}}));
    const Changes five = values("pytorch-port", "l2p", "five_datasets");
    EXPECT_EQ(five.at("prompt_pool_param.pool_size"), "20");
    EXPECT_EQ(five.at("prompt_pool_param.length"), "10");
    EXPECT_EQ(five.at("prompt_pool_param.top_k"), "4");
    EXPECT_EQ(five.at("pull_constraint_coeff"), "0.5");
}

TEST(PyTorchPortPreset, HasTheValuesOfDualpromptPytorch) {
    EXPECT_EQ(changes("pytorch-port", "dualprompt"),
              (Changes{{"gelu", "\"erf\""},
                       {"g_prompt_initializer", "\"symmetric\""},
                       {"prompt_pool_param.initializer", "\"symmetric\""},
                       {"prompt_pool_param.prompt_key_init", "\"symmetric\""},
                       {"prompt_pool_param.init_range", "1.0"}}));
    const Changes imagenet_r = values("pytorch-port", "dualprompt", "imagenet_r");
    EXPECT_EQ(imagenet_r.at("prompt_pool_param.length"), "20");
    EXPECT_EQ(imagenet_r.at("prompt_pool_param.batchwise_prompt"), "false");
    EXPECT_EQ(imagenet_r.at("learning_rate"), "0.005");
}

TEST(Presets, GiveEveryKeyAValueThatItCanHave) {
    for (const auto& row : preset_rows()) {
        for (const auto& [key, value] : row.values) {
            EXPECT_NO_THROW(made({{std::string(key), std::string(value)}})) << row.preset << key;
        }
        EXPECT_THAT(preset_names(), ::testing::Contains(row.preset));
        EXPECT_TRUE(row.method.empty() || find_method(row.method)) << row.method;
        EXPECT_TRUE(row.benchmark.empty() || row.benchmark == "gaussian" ||
                    !choice_problem("dataset", std::string(row.benchmark)))
            << row.benchmark;
    }
}

TEST(Presets, LieUnderTheKeysThatAreSetBesideThem) {
    const TemporaryFolder folder;
    folder.write("base.toml", "num_epochs = 7\npull_constraint_coeff = 0.9\n");
    const auto file = folder.write("a.toml",
                                   "base = \"base.toml\"\npreset = \"paper\"\n"
                                   "[prompt_pool_param]\nlength = 3\n");
    Config config = load_config(file);
    EXPECT_EQ(config.prompt_pool_param.length, 3);  // set beside it
    EXPECT_EQ(config.prompt_pool_param.top_k, 5);   // the preset
    EXPECT_EQ(config.pull_constraint_coeff, 0.5);   // the preset over the base
    EXPECT_EQ(config.per_device_batch_size, 128);   // the preset over the method
    config = load_config(
        file, std::vector<Override>{{"pull_constraint_coeff", "0.7"}, {"preset", "official"}});
    EXPECT_EQ(config.prompt_pool_param.length, 10);  // named on the command line: over the file
    EXPECT_EQ(config.pull_constraint_coeff, 0.7);    // whatever the order of the words
}

TEST(Presets, DependOnTheMethodAndTheScheduleThatComeOutInTheEnd) {
    EXPECT_EQ(made({{"preset", "official"}, {"method", "dualprompt"}}).prompt_pool_param.top_k, 1);
    EXPECT_EQ(
        made({{"preset", "pytorch-port"}, {"dataset", "five_datasets"}}).pull_constraint_coeff,
        0.5);
    EXPECT_EQ(made({{"preset", "paper"}, {"gaussian_schedule", "true"}}).num_epochs, 1);
}

TEST(Presets, AreNamedBehindAnAtSign) {
    EXPECT_EQ(load_config("cifar100_l2p@paper"),
              load_config("cifar100_l2p", std::vector<Override>{{"preset", "paper"}}));
    const TemporaryFolder folder;
    EXPECT_EQ(load_config(folder.write("a@paper", "seed = 3\n")).prompt_pool_param.length, 10);
    EXPECT_EQ(load_config(folder.path().string() + "/a@paper@paper").prompt_pool_param.length, 5);
}

TEST(Presets, AreNotPartOfTheConfigurationThatIsStored) {
    EXPECT_FALSE(to_json(made({{"preset", "paper"}})).contains("preset"));
}

TEST(Presets, MayBeLeftEmpty) {
    EXPECT_EQ(made({{"preset", ""}}), Config());
    EXPECT_EQ(made({{"preset", "None"}}), Config());
}

TEST(Presets, AreRefusedByNameWhereTheyAreUnknownOrSayNothing) {
    EXPECT_THAT(message_of<UsageError>([] {
                    made({{"preset", "offical"}});
                }),
                AllOf(HasSubstr("pytorch-port"), HasSubstr("did you mean \"official\"?"),
                      HasSubstr("on the command line")));
    EXPECT_THAT(message_of<UsageError>([] { made({{"preset", "3"}}); }), HasSubstr("\"3\""));
    EXPECT_THAT(message_of<UsageError>([] { load_config("cifar100_ncm@paper"); }),
                AllOf(HasSubstr("\"paper\""), HasSubstr("ncm"), HasSubstr("cifar100_ncm@paper")));
    EXPECT_EQ(choices("preset"), preset_names());
}

}  // namespace
}  // namespace promptcl::config
