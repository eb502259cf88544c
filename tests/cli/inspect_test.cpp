#include "promptcl/backbone/checkpoint.h"
#include "promptcl/cli/inspect_diff.h"
#include "promptcl/cli/inspect_facts.h"
#include "promptcl/config/json.h"
#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"
#include "promptcl/io/safetensors.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"
#include "tests/support/torch_named_vit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::cli {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

io::Array zeros(const io::Shape& shape) {
    std::int64_t size = 1;
    for (const auto side : shape)
        size *= side;
    return io::Array::of(std::vector<float>(static_cast<std::size_t>(size)), shape);
}

TEST(Inspect, RecognisesABackboneAndWhatIsIgnoredOfIt) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "vit.npz";
    io::ArrayMap arrays;
    const auto* geometry = backbone::find_variant("testing");
    for (const auto& [name, shape] : backbone::array_shapes(*geometry, 2)) {
        arrays[name] = zeros(shape);
    }
    arrays["head/bias"] = zeros({5});
    io::write_npz(path, arrays);

    const Json facts = inspect_facts(path);
    EXPECT_EQ(facts.at("kind"), "backbone");
    EXPECT_EQ(facts.at("model_name"), "testing");
    EXPECT_EQ(facts.at("geometry").at("width"), 10);
    EXPECT_EQ(facts.at("input_size"), 32);
    EXPECT_EQ(facts.at("ignored"), Json({"head/bias"}));
    EXPECT_EQ(facts.at("arrays").size(), arrays.size());
}

TEST(Inspect, ListsTheArraysOfAnNpzThatIsNoBackbone) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "predictions.npz";
    io::write_npz(path, {{"logits", zeros({3, 4})}});
    const Json facts = inspect_facts(path);
    EXPECT_EQ(facts.at("kind"), "arrays");
    EXPECT_THAT(facts.at("no_backbone").get<std::string>(), HasSubstr("embedding/kernel"));
    EXPECT_EQ(facts.at("arrays").at(0),
              Json({{"name", "logits"}, {"dtype", "float32"}, {"shape", {3, 4}}, {"bytes", 48}}));
}

TEST(Inspect, TellsABackboneInSafetensorsFromACheckpoint) {
    const TemporaryFolder folder;
    auto arrays =
        support::timm_arrays(support::random_checkpoint(support::tiny_torch_geometry(), 2, Rng(1)));
    arrays["head.weight"] = zeros({5, 10});
    Json facts =
        inspect_facts(folder.write("timm.safetensors", support::safetensors_bytes(arrays)));
    EXPECT_EQ(facts.at("kind"), "backbone");
    EXPECT_EQ(facts.at("geometry").at("heads"), 2);
    EXPECT_EQ(facts.at("ignored"), Json({"head.weight"}));

    arrays.erase("blocks.1.attn.qkv.weight");
    facts = inspect_facts(folder.write("broken.safetensors", support::safetensors_bytes(arrays)));
    EXPECT_EQ(facts.at("kind"), "arrays");
    EXPECT_THAT(facts.at("no_backbone").get<std::string>(), HasSubstr("blocks.1.attn.qkv.weight"));
}

TEST(Inspect, ReadsTheMetadataOfACheckpoint) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "step.safetensors";
    const auto config = config::to_json(config::method_defaults("ncm")).dump();
    io::write_safetensors(
        path, {{{"head/bias", zeros({5})}},
               {{"config", config}, {"format", "promptcl-model-1"}, {"odd", "{broken"}}});
    const Json facts = inspect_facts(path);
    EXPECT_EQ(facts.at("kind"), "checkpoint");
    EXPECT_EQ(facts.at("metadata").at("config").at("method"), "ncm");
    EXPECT_EQ(facts.at("metadata").at("format"), "promptcl-model-1");
    EXPECT_EQ(facts.at("metadata").at("odd"), "{broken");
}

TEST(Inspect, ShowsMetadataThatAreNestedTooDeeplyAsTheTextTheyAre) {
    const TemporaryFolder folder;
    const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    io::write_safetensors(
        folder / "x.safetensors",
        {.arrays = {}, .metadata = {{"format", "promptcl-model-1"}, {"class_names", deep}}});
    EXPECT_EQ(inspect_facts(folder / "x.safetensors").at("metadata").at("class_names"), deep);
}

TEST(Inspect, ShowsAConfigurationWithItsProblems) {
    const TemporaryFolder folder;
    const Json facts =
        inspect_facts(folder.write("a.toml", "num_epochs = 0\ndataset = \"mnst\"\n"));
    EXPECT_EQ(facts.at("kind"), "configuration");
    EXPECT_EQ(facts.at("config").at("num_epochs"), 0);
    EXPECT_THAT(
        facts.at("problems").get<std::vector<std::string>>(),
        AllOf(Contains(HasSubstr("num_epochs")), Contains(HasSubstr("did you mean \"mnist\"?"))));
}

TEST(Inspect, FindsAShippedConfigurationByItsName) {
    EXPECT_EQ(inspect_facts("cifar100_dualprompt").at("config").at("method"), "dualprompt");
}

TEST(Inspect, ShowsAConfigurationUnderAPreset) {
    const Json facts = inspect_facts("cifar100_l2p@paper");
    EXPECT_EQ(facts.at("kind"), "configuration");
    EXPECT_EQ(facts.at("config").at("prompt_pool_param.top_k"), 5);
}

TEST(InspectDiff, NamesTheKeysThatDifferWithBothValues) {
    const TemporaryFolder folder;
    const auto file = folder.write("a.toml", "seed = 7\nfreeze_part = []\n");
    const Json facts = diff_facts("cifar100_l2p", file);
    EXPECT_EQ(facts.at("left"), "cifar100_l2p");
    EXPECT_EQ(facts.at("right"), file.string());
    EXPECT_EQ(facts.at("differences"),
              Json::array({{{"key", "freeze_part"},
                            {"left", {"encoder", "embedding", "cls"}},
                            {"right", Json::array()}},
                           {{"key", "seed"}, {"left", 42}, {"right", 7}}}));
}

TEST(InspectDiff, ComparesRunFoldersAndPresets) {
    const TemporaryFolder folder;
    folder.write("run/config.toml", config::to_toml(config::load_config("cifar100_l2p@paper")));
    const auto run = folder.path() / "run";
    EXPECT_TRUE(diff_facts(run, "cifar100_l2p@paper").at("differences").empty());
    EXPECT_EQ(diff_facts(run, "cifar100_l2p").at("differences").size(), 5U);
}

TEST(InspectDiff, IsATableOrASentence) {
    EXPECT_EQ(diff_text({{"left", "a"},
                         {"right", "b"},
                         {"differences", {{{"key", "seed"}, {"left", 42}, {"right", 7}}}}}),
              "key   a   b\nseed  42  7\n");
    EXPECT_EQ(diff_text({{"left", "a"}, {"right", "b"}, {"differences", Json::array()}}),
              "a and b do not differ.\n");
}

TEST(InspectDiff, SaysWhichSideCannotBeRead) {
    EXPECT_THAT(message_of<Error>([] { diff_facts("cifar100_l2p", "cifar100_l3p"); }),
                HasSubstr("cifar100_l3p"));
    const TemporaryFolder folder;
    EXPECT_THAT(message_of<Error>([&] { diff_facts(folder.path(), "cifar100_l2p"); }),
                HasSubstr("config.toml"));
}

TEST(Inspect, ShowsARunWithAndWithoutResults) {
    const TemporaryFolder folder;
    folder.write("run/config.toml", config::to_toml(config::method_defaults("dualprompt")));
    folder.write("run/checkpoints/step-1.safetensors", "1234");
    const auto run = folder.path() / "run";
    Json facts = inspect_facts(run);
    EXPECT_EQ(facts.at("kind"), "run");
    EXPECT_TRUE(facts.at("results").is_null());
    EXPECT_THAT(facts.at("files"),
                Contains(Json({{"name", "checkpoints/step-1.safetensors"}, {"bytes", 4}})));

    folder.write("run/results.json",
                 R"({"tasks_done": 3, "configured": {"final": {"avg_acc": 0.5}}, "other": 1})");
    facts = inspect_facts(run);
    EXPECT_EQ(facts.at("results"), Json({{"tasks_done", 3}, {"configured", {{"avg_acc", 0.5}}}}));

    folder.write("run/results.json", "{\"tasks_do");
    EXPECT_THAT(message_of<Error>([&] { inspect_facts(run); }), HasSubstr("results.json"));
}

TEST(Inspect, SaysWhatItTakesForWhatItDoesNotKnow) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of<UsageError>([&] { inspect_facts(folder.write("a.txt", "")); }),
                HasSubstr(".safetensors"));
    EXPECT_THAT(message_of<Error>([&] { inspect_facts(folder.path() / "none.npz"); }),
                HasSubstr("none.npz"));
    EXPECT_THAT(message_of<Error>([&] { inspect_facts(folder.path()); }),
                HasSubstr("no run folder"));
    EXPECT_THAT(message_of<Error>([&] { inspect_facts(folder.write("b.npz", "PK")); }),
                HasSubstr("b.npz"));
}

}  // namespace
}  // namespace promptcl::cli
