#include "promptcl/serve/models.h"

#include "tests/serve/small_service.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::serve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> classes_of(const Models& models, const std::string& name) {
    return models.find(name)->classifier().state.class_names;
}

TEST(Models, OverOneBackboneHoldItOnce) {
    const SmallService small;
    EXPECT_EQ(small.models.find("a")->vit, small.models.find("b")->vit);
}

TEST(Models, WithAnotherArithmeticHaveABackboneOfTheirOwn) {
    const ModelFolder files;
    auto config = support::small_l2p();
    config.gelu = config.gelu == "erf" ? "tanh" : "erf";
    Metrics metrics;
    const Models models(
        {.files = {files.write("a.pcl", {"cat"}), files.write("c.pcl", {"cat"}, 1, config)}},
        metrics);
    EXPECT_NE(models.find("a")->vit, models.find("c")->vit);
}

TEST(Models, AreFoundByTheNameOfTheirFileAndTheFirstWithoutOne) {
    const SmallService small;
    EXPECT_EQ(small.models.find("b")->name, "b");
    EXPECT_EQ(small.models.find("")->name, "a");
    EXPECT_EQ(small.models.find("c"), nullptr);
}

TEST(Models, OfOneNameAreRefused) {
    const ModelFolder files;
    const auto file = files.write("a.pcl", {"cat"});
    Metrics metrics;
    EXPECT_THAT(message_of<UsageError>([&] {
                    Models({.files = {file, file}}, metrics);
                }),
                HasSubstr("two model files are called a"));
}

TEST(Models, ReadAgainTakeTheNewFileAndKeepTheBackbone) {
    SmallService small;
    const auto vit = small.models.find("a")->vit;
    small.files.write("a.pcl", {"ant", "bee"}, 2);
    EXPECT_THAT(classes_of(small.models, "a"), ElementsAre("cat", "dog", "owl"));
    small.models.reload("a");
    EXPECT_THAT(classes_of(small.models, "a"), ElementsAre("ant", "bee"));
    EXPECT_EQ(small.models.find("a")->vit, vit);
}

TEST(Models, HeldBySomebodyLiveOnAfterAReload) {
    SmallService small;
    const auto held = small.models.find("a");
    small.files.write("a.pcl", {"ant"}, 2);
    small.models.reload("a");
    EXPECT_THAT(held->classifier().state.class_names, ElementsAre("cat", "dog", "owl"));
    EXPECT_EQ(held->predictor.answer(std::vector<float>(192, 0.5F), 1).front().logits.size(), 3U);
}

TEST(Models, OfOneNameReadAgainLeaveTheOthersAlone) {
    SmallService small;
    const auto b = small.models.find("b");
    small.models.reload("a");
    EXPECT_EQ(small.models.find("b"), b);
    small.models.reload("");
    EXPECT_NE(small.models.find("b"), b);
}

TEST(Models, StayAllAsTheyWereWhenOneNewFileIsBroken) {
    SmallService small;
    small.files.write("a.pcl", {"ant"}, 2);
    small.files.folder().write("b.pcl", "broken");
    EXPECT_THAT(message_of<Error>([&] { small.models.reload(""); }), HasSubstr("b.pcl"));
    EXPECT_THAT(classes_of(small.models, "a"), ElementsAre("cat", "dog", "owl"));
    EXPECT_THAT(classes_of(small.models, "b"), ElementsAre("red", "blue"));
    EXPECT_THAT(small.metrics.text(0, 2),
                HasSubstr("promptcl_model_loads_total{result=\"failed\"} 1"));
}

TEST(Models, AreRefusedWhenTheyCannotRejectTheShareThatIsAskedFor) {
    const ModelFolder files;
    const auto file = files.write("a.pcl", {"cat"});
    Metrics metrics;
    EXPECT_THAT(message_of<UsageError>([&] { Models({.files = {file}, .reject = 0.01}, metrics); }),
                HasSubstr("0.01 to reject is below the least"));
    const Models models({.files = {file}, .reject = 0.06}, metrics);
    EXPECT_EQ(models.find("a")->showing.threshold->wanted, 0.05);
}

}  // namespace
}  // namespace promptcl::serve
