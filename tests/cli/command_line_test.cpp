#include "promptcl/cli/command_line.h"

#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

namespace promptcl::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(const std::vector<std::string>& arguments) {
    return message_of<UsageError>([&] { parse(arguments); });
}

std::string missing(const std::vector<std::string>& arguments) {
    return message_of<Error>([&] { parse(arguments); });
}

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

/// A folder with what a run needs to be accepted: a backbone, data, a configuration.
class CommandLine : public ::testing::Test {
  protected:
    CommandLine() {
        backbone_ = folder_.write("vit.npz", "");
        folder_.write("data/train.bin", "");
        config_ = folder_.write("a.toml", "init_checkpoint = \"" + backbone_.string() +
                                              "\"\ndata_dir = \"" + data_ + "\"\n");
    }

    /// The options of a train command in the run folder "run".
    TrainOptions train(std::vector<std::string> more) {
        more.insert(more.begin(), {"train", "--workdir", run_});
        return std::get<TrainOptions>(parse(more));
    }

    /// What `promptcl train` leaves in its run folder, as far as the command line looks at it.
    void begin_run(const config::Config& config) {
        folder_.write("run/config.toml", config::to_toml(config));
        folder_.write("run/checkpoints/step-00000001.safetensors", "");
    }

    TemporaryFolder folder_;
    std::filesystem::path backbone_, config_;
    std::string data_ = (folder_.path() / "data").string();
    std::string run_ = (folder_.path() / "run").string();
};

TEST_F(CommandLine, OfTrainLoadsTheConfigurationAndPutsTheKeysOverIt) {
    const auto options =
        train({"--config", config_, "--set", "seed=5", "--set", "e_prompt_layer_idx=[0,1]"});
    EXPECT_EQ(options.config.seed, 5);
    EXPECT_THAT(options.config.e_prompt_layer_idx, ElementsAre(0, 1));
    EXPECT_EQ(options.workdir, run_);
    EXPECT_FALSE(options.quiet);
}

TEST_F(CommandLine, OfTrainPutsTheRunIntoAFolderBelowTheWorkdirWithExpId) {
    EXPECT_EQ(train({"--config", config_, "--exp_id", "first"}).workdir, run_ + "/first");
}

TEST_F(CommandLine, OfTrainHasANoteOnKeysOfTheOriginalThatDoNothing) {
    const auto options = train({"--config", config_, "--my_config.trial=3"});
    EXPECT_THAT(options.notes, ElementsAre(HasSubstr("trial")));
    EXPECT_TRUE(train({"--config", config_}).notes.empty());
}

TEST_F(CommandLine, OfTheOriginalDoesTheSame) {
    const auto options =
        train({"--my_config", config_, "--my_config.prompt_pool_param.length=3",
               "--my_config.subsample_rate", "-1", "--my_config.e_prompt_layer_idx=(0,1)"});
    EXPECT_EQ(options.config.prompt_pool_param.length, 3);
    EXPECT_THAT(options.config.e_prompt_layer_idx, ElementsAre(0, 1));
}

TEST_F(CommandLine, MakesThePathsOfARunAbsolute) {
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(folder_.path());
    const auto options =
        train({"--config", "a.toml", "--set", "init_checkpoint=vit.npz", "--set", "data_dir=data/",
               "--set", "data_split=split.csv", "--set", "continual.manifest=old/manifest.csv"});
    std::filesystem::current_path(here);
    EXPECT_EQ(options.config.init_checkpoint, backbone_);
    EXPECT_EQ(options.config.data_dir, data_);
    EXPECT_EQ(options.config.data_split, folder_.path() / "split.csv");
    EXPECT_EQ(options.config.continual.manifest, folder_.path() / "old/manifest.csv");
}

TEST_F(CommandLine, KeepsDecodedImagesBesideTheRunUnlessToldWhere) {
    EXPECT_EQ(train({"--config", config_}).config.cache_dir, folder_.path() / "image-cache");
    const std::string elsewhere = (folder_.path() / "big/disk").string();
    EXPECT_EQ(train({"--config", config_, "--set", "cache_dir=" + elsewhere}).config.cache_dir,
              elsewhere);
}

TEST_F(CommandLine, OfTrainNeedsARunFolderAndAConfiguration) {
    EXPECT_THAT(refusal({"train", "--config", config_}), HasSubstr("--workdir"));
    EXPECT_THAT(refusal({"train", "--workdir", run_}), HasSubstr("--config"));
    EXPECT_THAT(refusal({"train", "--workdir", config_, "--config", config_}),
                HasSubstr("is a file"));
}

TEST_F(CommandLine, OfTrainListsTheProblemsOfItsConfiguration) {
    EXPECT_THAT(refusal({"train", "--workdir", run_, "--config", config_, "--set", "num_epochs=0",
                         "--set", "prompt_pool_param.top_k=99"}),
                AllOf(HasSubstr("num_epochs"), HasSubstr("prompt_pool_param.top_k")));
}

TEST_F(CommandLine, OfTrainNamesTheFileThatIsMissing) {
    EXPECT_THAT(missing({"train", "--workdir", run_, "--config", config_, "--set",
                         "init_checkpoint=no.npz"}),
                AllOf(HasSubstr("init_checkpoint"), HasSubstr("no.npz")));
    EXPECT_THAT(
        missing({"train", "--workdir", run_, "--config", config_, "--set", "data_dir=nowhere"}),
        AllOf(HasSubstr("data_dir"), HasSubstr("nowhere")));
}

TEST_F(CommandLine, OfTrainGoesOnWithARunWithoutNamingItsConfiguration) {
    const auto begun = train({"--config", config_, "--set", "seed=5"}).config;
    begin_run(begun);
    EXPECT_EQ(train({}).config, begun);
    EXPECT_EQ(train({"--config", config_, "--set", "seed=5"}).config, begun);
}

TEST_F(CommandLine, OfTrainRefusesTheRunFolderOfAnotherConfiguration) {
    begin_run(train({"--config", config_, "--set", "seed=5"}).config);
    EXPECT_THAT(refusal({"train", "--workdir", run_, "--config", config_}),
                AllOf(HasSubstr("seed is 5 there, 42 here"), HasSubstr(run_)));
    EXPECT_THAT(refusal({"train", "--workdir", run_, "--set", "num_epochs=9"}),
                HasSubstr("num_epochs is 5 there, 9 here"));
}

TEST_F(CommandLine, OfTrainMayCorrectTheConfigurationOfARunThatHasLearntNothing) {
    begin_run(train({"--config", config_, "--set", "seed=5"}).config);
    std::filesystem::remove_all(run_ + "/checkpoints");
    EXPECT_EQ(train({"--config", config_}).config.seed, 42);
}

TEST_F(CommandLine, OfTrainGoesOnWithARunWhoseFilesHaveMoved) {
    begin_run(train({"--config", config_}).config);
    const auto moved = folder_.write("moved.npz", "");
    const auto config = train({"--set", "init_checkpoint=" + moved.string()}).config;
    EXPECT_EQ(config.init_checkpoint, moved);
}

TEST_F(CommandLine, OfEvalReadsTheConfigurationOfTheRun) {
    begin_run(train({"--config", config_, "--set", "seed=5"}).config);
    const auto predictions = (folder_.path() / "p.npz").string();
    const auto options = std::get<EvalOptions>(
        parse(std::vector<std::string>{"eval", run_, "--json", "--predictions", predictions}));
    EXPECT_EQ(options.config.seed, 5);
    EXPECT_TRUE(options.json);
    EXPECT_EQ(options.predictions, predictions);
    EXPECT_EQ(options.workdir, run_);
}

TEST_F(CommandLine, OfEvalChangesNothingThatWasTrained) {
    begin_run(train({"--config", config_}).config);
    EXPECT_THAT(refusal({"eval", "--workdir", run_, "--set", "num_epochs=9"}),
                HasSubstr("num_epochs cannot be changed"));
    const auto options = std::get<EvalOptions>(
        parse(std::vector<std::string>{"eval", "--workdir", run_, "--set", "num_threads=1"}));
    EXPECT_EQ(options.config.num_threads, 1);
}

TEST_F(CommandLine, OfEvalTellsAFolderWithoutARun) {
    EXPECT_THAT(missing({"eval", data_}), HasSubstr("holds no run"));
}

TEST_F(CommandLine, OfPredictNeedsNoDataButImagesThatAreThere) {
    begin_run(train({"--config", config_}).config);
    std::filesystem::remove_all(data_);
    const auto image = folder_.write("cat.jpg", "").string();
    const auto options = std::get<PredictOptions>(parse(
        std::vector<std::string>{"predict", image, image, "--workdir", run_, "--top_k", "2"}));
    EXPECT_THAT(options.images, ElementsAre(image, image));
    EXPECT_EQ(options.top_k, 2);
    EXPECT_THAT(missing({"predict", "--workdir", run_, "dog.jpg"}), HasSubstr("dog.jpg"));
    EXPECT_THAT(refusal({"predict", "--workdir", run_}), HasSubstr("image"));
    EXPECT_THAT(refusal({"predict", "--workdir", run_, image, "--top_k", "0"}),
                HasSubstr("--top_k"));
}

TEST_F(CommandLine, OfPredictTakesAModelFileARunOrAList) {
    const auto model = folder_.write("pets.pcl", "").string();
    const auto image = folder_.write("cat.jpg", "").string();
    const auto of_file = std::get<PredictOptions>(parse(std::vector<std::string>{
        "predict", model, image, "-", "--reject", "0.05", "--format", "csv"}));
    EXPECT_EQ(of_file.model, model);
    EXPECT_FALSE(of_file.is_run);
    EXPECT_THAT(of_file.images, ElementsAre(image));
    EXPECT_TRUE(of_file.listed);
    EXPECT_EQ(of_file.reject, 0.05);
    EXPECT_EQ(of_file.form, AnswerForm::kCsv);
    begin_run(train({"--config", config_}).config);
    EXPECT_TRUE(
        std::get<PredictOptions>(parse(std::vector<std::string>{"predict", run_, image})).is_run);
}

TEST_F(CommandLine, OfPredictIsRefusedNamingWhatIsWrong) {
    const auto model = folder_.write("pets.pcl", "").string();
    const auto image = folder_.write("cat.jpg", "").string();
    EXPECT_THAT(refusal({"predict"}), HasSubstr("a model file or run folder is missing"));
    EXPECT_THAT(refusal({"predict", model, image, "--format", "xml"}), HasSubstr("--format xml"));
    EXPECT_THAT(refusal({"predict", model, image, "--set", "num_threads=1"}),
                HasSubstr("--set changes a run"));
    EXPECT_THAT(refusal({"predict", model, image, "--reject", "1"}), HasSubstr("--reject 1"));
    EXPECT_THAT(missing({"predict", model, "--watch", run_ + "/inbox"}), HasSubstr("no folder"));
    EXPECT_THAT(missing({"predict", model, image, "--backbone", "none.npz"}),
                HasSubstr("none.npz"));
}

TEST_F(CommandLine, OfExportNamesTheRunAndTheFile) {
    begin_run(train({"--config", config_}).config);
    const auto output = (folder_.path() / "pets.pcl").string();
    const auto options = std::get<ExportOptions>(
        parse(std::vector<std::string>{"export", run_, output, "--images_per_class", "7"}));
    EXPECT_EQ(options.workdir, run_);
    EXPECT_EQ(options.output, output);
    EXPECT_EQ(options.images_per_class, 7);
    EXPECT_THAT(refusal({"export", run_}), HasSubstr("file to write is missing"));
    EXPECT_THAT(refusal({"export", run_, output, "--images_per_class", "0"}),
                HasSubstr("--images_per_class is 0"));
    std::filesystem::remove_all(data_);
    EXPECT_THAT(missing({"export", run_, output}), HasSubstr("data_dir"));
    EXPECT_FALSE(std::get<ExportOptions>(
                     parse(std::vector<std::string>{"export", run_, output, "--without_images"}))
                     .images_per_class);
}

TEST_F(CommandLine, OfModelSaysWhatIsChangedAndWhereItGoes) {
    const auto file = folder_.write("a.pcl", "").string(),
               other = folder_.write("b.pcl", "").string();
    const auto options = std::get<ModelOptions>(
        parse(std::vector<std::string>{"model", "rename", file, "cat", "lion", "--output", file}));
    EXPECT_EQ(options.action, ModelAction::kRename);
    EXPECT_THAT(options.files, ElementsAre(file));
    EXPECT_THAT(options.classes, ElementsAre("cat", "lion"));
    EXPECT_EQ(options.output, file);
    EXPECT_EQ(std::get<ModelOptions>(
                  parse(std::vector<std::string>{"model", "merge", file, other, "--output", file}))
                  .files.size(),
              2U);
    EXPECT_THAT(refusal({"model", "rename", file, "cat", "--output", file}),
                HasSubstr("2 words are given, 3 are needed"));
    EXPECT_THAT(refusal({"model", "rename", file, "cat", "big", "cat", "--output", file}),
                HasSubstr("a word too many"));
    EXPECT_THAT(refusal({"model", "remove", file, "cat"}), HasSubstr("--output FILE is missing"));
    EXPECT_THAT(missing({"model", "show", run_ + ".pcl"}), HasSubstr("no such file"));
}

TEST_F(CommandLine, OfTheOtherCommandsNamesTheirFiles) {
    const auto output = (folder_.path() / "new.npz").string();
    const auto pretrain = std::get<PretrainOptions>(
        parse(std::vector<std::string>{"pretrain", "--output", output, "--epochs", "3"}));
    EXPECT_EQ(pretrain.output, output);
    EXPECT_EQ(pretrain.epochs, 3);
    EXPECT_THAT(missing({"pretrain", "--output", run_ + "/x/new.npz"}), HasSubstr("no folder"));
    EXPECT_THAT(refusal({"pretrain"}), HasSubstr("--output"));
    EXPECT_EQ(
        std::get<SelfcheckOptions>(parse(std::vector<std::string>{"selfcheck", data_})).folder,
        data_);
    EXPECT_THAT(missing({"selfcheck", run_}), HasSubstr(run_));
    EXPECT_EQ(std::get<DemoOptions>(parse(std::vector<std::string>{"demo"})).workdir,
              DemoOptions().workdir);
}

TEST_F(CommandLine, OfInspectDiffNamesTwoConfigurations) {
    const auto options = std::get<InspectOptions>(
        parse(std::vector<std::string>{"inspect", "--diff", config_, "cifar100_l2p@paper"}));
    EXPECT_TRUE(options.diff);
    EXPECT_THAT(options.paths, ElementsAre(config_, "cifar100_l2p@paper"));
    EXPECT_THAT(refusal({"inspect", "--diff", config_}), HasSubstr("two configurations, not 1"));
}

TEST_F(CommandLine, OfListNamesWhatIsListed) {
    const auto options =
        std::get<ListOptions>(parse(std::vector<std::string>{"list", "configs", "--json"}));
    EXPECT_EQ(options.what, Listing::kConfigs);
    EXPECT_EQ(options.form, Form::kJson);
    EXPECT_THAT(refusal({"list", "method"}), HasSubstr("did you mean \"methods\"?"));
    EXPECT_THAT(refusal({"list"}), HasSubstr("methods, datasets"));
    EXPECT_THAT(refusal({"list", "methods", "--markdown"}), HasSubstr("--markdown"));
}

TEST(CommandLineOfData, NamesWhatIsFetchedAndWhere) {
    const auto options = std::get<DataFetchOptions>(
        parse(words_of("data fetch five_datasets --to sets --mirror http://x/")));
    EXPECT_EQ(options.sources.size(), 5U);
    EXPECT_EQ(options.to, "sets");
    EXPECT_EQ(options.mirror, "http://x/");
    EXPECT_EQ(std::get<DataFetchOptions>(parse(words_of("data fetch ViT-B_16"))).to, "data");
    EXPECT_EQ(std::get<DataListOptions>(parse(words_of("data list --json"))).form, Form::kJson);
}

TEST(CommandLineOfData, NamesWhatIsCheckedAndAsWhat) {
    const auto options = std::get<DataCheckOptions>(
        parse(words_of("data check sets/mine --dataset image_folder --json")));
    EXPECT_EQ(options.path, "sets/mine");
    EXPECT_EQ(options.dataset, "image_folder");
    EXPECT_TRUE(options.json);
    EXPECT_THAT(refusal({"data", "check"}), HasSubstr("promptcl data check data/cifar100"));
    EXPECT_THAT(refusal({"data", "check", "x", "--dataset", "cifar"}), HasSubstr("cifar100"));
}

TEST(CommandLineOfData, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(refusal({"data"}), "promptcl data is not told what to do; see promptcl data --help");
    EXPECT_EQ(refusal({"data", "fetsh"}),
              "there is no command \"data fetsh\"; did you mean \"data fetch\"?");
    EXPECT_THAT(refusal({"data", "fetch"}), HasSubstr("promptcl data fetch cifar100"));
    EXPECT_THAT(refusal({"data", "fetch", "cifar-100"}), HasSubstr("did you mean \"cifar100\"?"));
    EXPECT_EQ(refusal({"data", "fetch", "mnist", "--miror", "x"}),
              "data fetch has no flag --miror; did you mean \"--mirror\"?");
}

TEST(UnknownWord, GetsTheNearestCommandOrFlag) {
    EXPECT_EQ(refusal({"trian"}), "there is no command \"trian\"; did you mean \"train\"?");
    EXPECT_EQ(refusal({"--verson"}), "there is no flag \"--verson\"; did you mean \"--version\"?");
    EXPECT_EQ(refusal({"train", "--wrkdir", "x"}),
              "train has no flag --wrkdir; did you mean \"--workdir\"?");
    EXPECT_EQ(refusal({"train", "--wrkdir=x"}),
              "train has no flag --wrkdir; did you mean \"--workdir\"?");
    EXPECT_THAT(refusal({"train", "--my_confg", "x"}), HasSubstr("did you mean \"--my_config\"?"));
    EXPECT_THAT(refusal({"train", "x"}), AllOf(HasSubstr("\"x\""), EndsWith("train --help")));
    EXPECT_THAT(refusal({"banana"}), Not(HasSubstr("did you mean")));
    EXPECT_THAT(refusal({}), HasSubstr("--help"));
}

TEST(Flag, WithoutItsValueOrWithAWrongOneIsNamed) {
    EXPECT_THAT(refusal({"train", "--workdir"}), HasSubstr("--workdir"));
    EXPECT_THAT(refusal({"predict", "--top_k", "many"}), HasSubstr("--top_k"));
    EXPECT_THAT(refusal({"train", "--workdir", "x", "--config", "cifar100_l2p", "--set", "seed"}),
                HasSubstr("KEY=VALUE"));
}

TEST(Help, OfEveryCommandHasAnExampleAndTheFilesWritten) {
    for (const std::string command :
         {"train", "eval", "predict", "export", "audit", "inspect", "list", "data list",
          "data fetch", "bench", "selfcheck", "demo", "pretrain"}) {
        const auto shown = parse(words_of(command + " --help"));
        const std::string text = std::get<ShowText>(shown).text;
        EXPECT_THAT(text, AllOf(HasSubstr("Example:\n  promptcl " + command),
                                ::testing::ContainsRegex("Writes (into|no|nothing|one|FILE)")));
    }
}

TEST(Help, OfAGroupListsItsCommands) {
    const std::string text = std::get<ShowText>(parse(words_of("data --help"))).text;
    EXPECT_THAT(text, AllOf(HasSubstr("list"), HasSubstr("fetch"), HasSubstr("Example")));
}

TEST(Help, OfTheProgramListsTheCommandsAndTheExitCodes) {
    const std::string text = std::get<ShowText>(parse(std::vector<std::string>{"--help"})).text;
    EXPECT_THAT(text, AllOf(HasSubstr("selfcheck"), HasSubstr("Exit codes")));
}

TEST_F(CommandLine, OfTableHasRowsSeedsAndSettings) {
    const auto options = std::get<TableOptions>(parse(std::vector<std::string>{
        "table", "--workdir", run_, "--config", "cifar100_l2p", "--config",
        "cifar100_l2p,num_epochs=2", "--seeds", "42,43", "--set", "temperature=2"}));
    ASSERT_EQ(options.table.rows.size(), 2U);
    EXPECT_EQ(options.table.rows[1].settings.at(0).key, "num_epochs");
    EXPECT_THAT(options.table.seeds, ElementsAre(42, 43));
    EXPECT_EQ(options.table.settings.at(0).key, "temperature");
    EXPECT_EQ(options.unfinished, Unfinished::kRun);
}

TEST_F(CommandLine, OfTableIsRefusedNamingWhatIsWrong) {
    EXPECT_THAT(refusal({"table", "--config", "cifar100_l2p"}), HasSubstr("--workdir"));
    EXPECT_THAT(refusal({"table", "--workdir", run_}), HasSubstr("not told what to put into it"));
    EXPECT_THAT(
        refusal({"table", "--workdir", run_, "--config", "cifar100_l2p", "--seeds", "1,2,1"}),
        HasSubstr("seed 1 is given twice"));
    EXPECT_THAT(
        refusal({"table", "--workdir", run_, "--config", "cifar100_l2p", "--parallel", "0"}),
        HasSubstr("--parallel is 0"));
    EXPECT_THAT(
        refusal({"table", "--workdir", run_, "--config", "cifar100_l2p", "--csv", "--json"}),
        HasSubstr("exclude each other"));
}

}  // namespace
}  // namespace promptcl::cli
