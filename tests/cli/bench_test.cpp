#include "promptcl/cli/bench_figures.h"
#include "promptcl/cli/bench_machine.h"
#include "promptcl/cli/bench_work.h"
#include "promptcl/cli/command_line.h"
#include "promptcl/config/load.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

namespace promptcl::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

BenchOptions bench(const std::string& words) {
    return std::get<BenchOptions>(parse(words_of("bench " + words)));
}

std::string refusal(const std::string& words) {
    return message_of<Error>([&] { bench(words); });
}

TEST(CommandLineOfBench, NeedsNoFileWhereWeightsAreDrawn) {
    const auto options = bench("--model ViT-Ti_16 --engine plain --rounds 3 --json");
    EXPECT_EQ(options.config.method, "l2p");
    EXPECT_EQ(options.config.model_name, "ViT-Ti_16");
    EXPECT_EQ(options.config.init_checkpoint, "");
    EXPECT_THAT(options.engines, ElementsAre("plain"));
    EXPECT_EQ(options.rounds, 3);
    EXPECT_TRUE(options.json);
    EXPECT_EQ(bench("").config.model_name, "ViT-B_16");
}

TEST(CommandLineOfBench, TakesMethodPromptsAndBatchFromAConfiguration) {
    const auto options =
        bench("--config cifar100_dualprompt --set per_device_batch_size=3 --growth");
    EXPECT_EQ(options.config.method, "dualprompt");
    EXPECT_EQ(options.config.per_device_batch_size, 3);
    EXPECT_TRUE(options.growth);
}

TEST(CommandLineOfBench, RefusesWhatCannotBeMeasured) {
    EXPECT_THAT(refusal("--engine fast"), HasSubstr("\"fast\""));
    EXPECT_THAT(refusal("--rounds 0"), HasSubstr("--rounds"));
    EXPECT_THAT(refusal("--seconds -1"), HasSubstr("--seconds"));
    EXPECT_THAT(refusal("--config cifar100_ncm"), HasSubstr("choose prompts"));
    EXPECT_THAT(refusal("--set init_checkpoint=none.npz"),
                AllOf(HasSubstr("none.npz"), HasSubstr("--model")));
    EXPECT_THAT(refusal("--set model_name=auto"), HasSubstr("ViT auto"));
    EXPECT_THAT(refusal("--once --engine plain"), HasSubstr("init_checkpoint"));
}

double gflops(const std::string& method, const char* model, Measure measure) {
    return flops_per_image(config::method_defaults(method), *backbone::find_variant(model),
                           measure) /
           1e9;
}

// 10 prompts of length 4 put 40 tokens in front, so T = 237 in the prompted pass of L2P.
TEST(FlopsOfAStep, CountEveryPassInFull) {
    const auto tokens = [](double t) { return 12 * (2 * t * 7'077'888 + 4 * t * t * 768) / 1e9; };
    const double embedding = 2.0 * 196 * 768 * 768 / 1e9;
    const double query = tokens(197) + embedding, prompted = tokens(237) + embedding;
    const double backward = 12 * (2 * 237 * 7'077'888.0 + 8 * 237 * 237 * 768.0) / 1e9;
    EXPECT_NEAR(gflops("l2p", "ViT-B_16", Measure::kQuery), query, 1e-3);
    EXPECT_NEAR(gflops("l2p", "ViT-B_16", Measure::kCachedEvaluation), prompted, 1e-3);
    EXPECT_NEAR(gflops("l2p", "ViT-B_16", Measure::kEvaluation), query + prompted, 1e-3);
    EXPECT_NEAR(gflops("l2p", "ViT-B_16", Measure::kTraining), query + prompted + backward, 1e-3);
}

TEST(FlopsOfAStep, CountPrefixesInTheAttentionOfTheirLayers) {
    config::Config config = config::method_defaults("dualprompt");
    const backbone::Geometry& geometry = *backbone::find_variant("ViT-B_16");
    const double with = flops_per_image(config, geometry, Measure::kCachedEvaluation);
    const auto rows = config.g_prompt_layer_idx.size() * config.g_prompt_length +
                      config.e_prompt_layer_idx.size() * config.prompt_pool_param.top_k *
                          config.prompt_pool_param.length;
    const double without = flops_per_image(config, geometry, Measure::kQuery);
    EXPECT_DOUBLE_EQ(with - without, 4.0 * 197 * static_cast<double>(rows) * 768);
}

BenchFigures two_engines() {
    BenchFigures figures{.backbone = "ViT-Ti_16, random weights",
                         .method = "l2p",
                         .batch = 16,
                         .input_size = 224,
                         .threads = 2,
                         .peak_gflops = 100,
                         .flops = {1e9, 4e9, 2e9, 1e9}};
    figures.engines.push_back(
        {.engine = "plain",
         .fresh = {.seconds_to_first_step = 4, .peak_bytes = 2e9},
         .speeds = {{{{10, 0.1}, {12, 0.2}, {11, 0.1}}, {{5}, {5}, {5}}, {{1}}, {{1}}}}});
    figures.engines.push_back(
        {.engine = "native",
         .fresh = {.seconds_to_first_step = 2, .peak_bytes = 1e9},
         .speeds = {{{{30, 0.04}, {24, 0.04}, {22, 0.04}}, {{10}, {15}, {11}}, {{2}}, {{3}}}}});
    return figures;
}

TEST(BenchFigures, ShowMediansSharesOfThePeakAndRatiosOfTheRounds) {
    const std::string text = to_text(two_engines());
    EXPECT_THAT(text, HasSubstr("2 threads, peak 100 GFLOP/s"));
    // query: 11 and 24 images/s of 1 GFLOP each; 30/10, 24/12, 22/11. One thread's peak is 50
    // GFLOP/s: in 0.1 and 0.04 seconds 5 and 2 GFLOP
    EXPECT_THAT(text, HasSubstr("11 images/s, 11 % (20 %)  24 images/s, 24 % (50 %)  "
                                "2.00 (2.00 to 3.00)"));
    // training: 11 images/s of 4 GFLOP; 10/5, 15/5, 11/5
    EXPECT_THAT(text, HasSubstr("11 images/s, 44 % (0 %)   2.20 (2.00 to 3.00)"));
    EXPECT_THAT(text, AllOf(HasSubstr("4.00 s"), HasSubstr("2.00 s"), HasSubstr("0.50")));
    EXPECT_THAT(text, AllOf(HasSubstr("2 GB"), HasSubstr("1 GB")));
    EXPECT_THAT(text, AllOf(HasSubstr("the same prompts: ok"), Not(HasSubstr("too low"))));
}

TEST(BenchFigures, SayWhenOtherProgramsDisturbed) {
    BenchFigures figures = two_engines();
    figures.others = 0.4;
    EXPECT_THAT(to_text(figures), HasSubstr("other programs took 40 % of the CPUs: speeds"));
}

TEST(BenchFigures, ShowNoSpeedsOfEnginesThatDisagree) {
    BenchFigures figures = two_engines();
    figures.engines[1].difference = {.logits = 2e-5};
    EXPECT_FALSE(figures.outputs_agree());
    EXPECT_THAT(to_text(figures),
                AllOf(HasSubstr("2.0e-05"), HasSubstr("FAILS"), Not(HasSubstr("images/s"))));
    EXPECT_FALSE((OutputDifference{.gradients = 2e-4}.passes()));
    EXPECT_FALSE((OutputDifference{.same_prompts = false}.passes()));
    EXPECT_TRUE((OutputDifference{.logits = 1e-6, .gradients = 1e-6}.passes()));
}

TEST(BenchFigures, OfTheGpuShowNoShareOfTheCpusPeakAndAreNotJudgedWhereItRounds) {
    BenchFigures figures = two_engines();
    figures.engines[1].engine = "cuda";
    figures.engines[1].difference = {.logits = 2e-2, .same_prompts = false};
    EXPECT_FALSE(figures.outputs_agree());
    figures.engines[1].difference.coarse = true;
    EXPECT_THAT(to_text(figures), AllOf(HasSubstr("2.0e-02"), HasSubstr("not judged"),
                                        HasSubstr("11 images/s  2.20 (2.00 to 3.00)")));
    EXPECT_FALSE(
        to_json(figures).at("engines").at(1).at("training_step").contains("share_of_peak"));
}

TEST(BenchFigures, HoldEveryRoundAsJson) {
    const auto json = to_json(two_engines());
    const auto& native = json.at("engines").at(1);
    EXPECT_EQ(native.at("engine"), "native");
    EXPECT_EQ(native.at("training_step").at("images_per_second"), (std::vector{10.0, 15.0, 11.0}));
    EXPECT_DOUBLE_EQ(native.at("training_step").at("ratio").at("median"), 2.2);
    EXPECT_DOUBLE_EQ(native.at("training_step").at("share_of_peak"), 0.44);
    EXPECT_EQ(native.at("peak_memory_bytes"), 1e9);
    EXPECT_EQ(json.at("flops_per_image").at("cached_evaluation_step"), 1e9);
}

TEST(CpuWatch, CountsWhatOthersHaveTakenOfAllCpus) {
    const TemporaryFolder root;
    // user nice system idle iowait irq softirq steal, in ticks of a hundredth of a second
    root.write("proc/stat", "cpu  100 0 0 1000 0 0 0 0 0 0\ncpu0 1 2 3\n");
    const CpuWatch watch(root.path());
    EXPECT_EQ(watch.share_of_others(), 0);
    root.write("proc/stat", "cpu  50100 10000 0 41000 0 0 0 0 0 0\n");
    EXPECT_NEAR(watch.share_of_others(), 0.6, 0.01);  // less what this process itself took
}

TEST(Machine, KnowsTimeAndMemoryOfThisProcess) {
    EXPECT_GE(seconds_since_start(), 0);
    EXPECT_LT(seconds_since_start(), 3600);
    EXPECT_GT(memory_now(), 1e5);
    EXPECT_GE(peak_memory(), memory_now() * 0.9);
}

}  // namespace
}  // namespace promptcl::cli
