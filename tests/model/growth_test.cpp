#include "promptcl/model/growth.h"

#include "promptcl/core/error.h"
#include "promptcl/model/edit.h"
#include "promptcl/model/undo.h"

#include "tests/support/message_of.h"
#include "tests/support/small_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Names = std::vector<std::string>;

Classifier pets(const config::Config& config = support::small_dualprompt()) {
    return support::small_classifier(config, {"cat", "dog", "owl"});  // two tasks learnt
}

TEST(Growth, PutsNewClassesBehindTheOldOnes) {
    const auto growth = growth_of(pets(), Names{"heron", "kiwi"}, Known::kRefused, "pets.pcl");
    EXPECT_THAT(growth.class_names, ElementsAre("cat", "dog", "owl", "heron", "kiwi"));
    EXPECT_THAT(growth.taught, ElementsAre(3, 4));
    EXPECT_THAT(growth.added, ElementsAre("heron", "kiwi"));
    EXPECT_THAT(growth.extended, IsEmpty());
}

TEST(Growth, RefusesANameThatIsKnown) {
    const auto message = message_of<UsageError>([] {
        growth_of(pets(), Names{"ant", "dog"}, Known::kRefused, "pets.pcl");
    });
    EXPECT_THAT(message, HasSubstr("pets.pcl knows the class \"dog\" already"));
    EXPECT_THAT(message, HasSubstr("--extend"));
}

TEST(Growth, ExtendsKnownClassesWhereTheyStandWhenAsked) {
    const auto growth = growth_of(pets(), Names{"ant", "dog"}, Known::kExtended, "pets.pcl");
    EXPECT_THAT(growth.taught, ElementsAre(1, 3));
    EXPECT_THAT(growth.added, ElementsAre("ant"));
    EXPECT_THAT(growth.extended, ElementsAre("dog"));
}

TEST(Growth, GivesATaskTheNextPromptsOfThePool) {
    const auto growth = growth_of(pets(), Names{"ant"}, Known::kRefused, "pets.pcl");
    EXPECT_EQ(growth.task, 2);
    EXPECT_EQ(growth.prompts, 2);
    EXPECT_EQ(growth.pool_size, 4) << "there is room in a pool of 4";
}

TEST(Growth, EnlargesThePoolOnlyWhenItsPromptsAreSpent) {
    Classifier classifier = pets();
    classifier.state.tasks_learnt = 4;
    const auto growth = growth_of(classifier, Names{"ant"}, Known::kRefused, "pets.pcl");
    EXPECT_EQ(growth.pool_size, 5);
    EXPECT_EQ(growth.prompts, 4);
}

TEST(Growth, PutsNewPromptsRightBehindAPoolThatWasTooSmallForItsTasks) {
    Classifier classifier = pets();
    classifier.state.tasks_learnt = 9;
    const auto growth = growth_of(classifier, Names{"ant"}, Known::kRefused, "pets.pcl");
    EXPECT_EQ(growth.task, 4);
    EXPECT_EQ(growth.pool_size, 5);
    EXPECT_EQ(grown(classifier.state, growth, {}).tasks_learnt, 10);
}

TEST(Growth, LeavesASharedPoolAsItIs) {
    Classifier classifier = pets(support::small_l2p());
    classifier.state.tasks_learnt = 9;
    const auto growth = growth_of(classifier, Names{"ant"}, Known::kRefused, "pets.pcl");
    EXPECT_EQ(growth.pool_size, 4);
    EXPECT_EQ(growth.prompts, 4);
}

TEST(Growth, OfAMergedClassifierTouchesNoPromptOfEitherPart) {
    Classifier birds = support::small_classifier(support::small_dualprompt(), {"heron"}, 2);
    birds.state.arrays.at("prefix") = pets().state.arrays.at("prefix");
    const Classifier first = pets();
    const auto both = merged({first, "pets.pcl"}, {birds, "birds.pcl"}, "2026-02-03T04:05:06Z");
    ASSERT_EQ(both.state.config.prompt_pool_param.pool_size, 8);
    ASSERT_EQ(both.state.tasks_learnt, 4);
    const auto growth = growth_of(both, Names{"ant"}, Known::kRefused, "both.pcl");
    EXPECT_EQ(growth.task, 8);
    EXPECT_EQ(growth.pool_size, 9);
    EXPECT_EQ(growth.prompts, 8);
}

TEST(Growth, KnowsNothingYetOfHowNewClassesLook) {
    const Classifier before = pets();
    const auto growth = growth_of(before, Names{"ant"}, Known::kRefused, "pets.pcl");
    const State after = grown(before.state, growth, {});
    const auto images = after.arrays.at("class/images").as_float();
    ASSERT_EQ(images.size(), 4U);
    EXPECT_EQ(images.back(), 0);
    EXPECT_EQ(
        leading_corner(after.arrays.at("class/query"), before.state.arrays.at("class/query").shape),
        before.state.arrays.at("class/query"));
}

TEST(Growth, CountsEarlierImagesOfAnExtendedClassIntoItsMeans) {
    Classifier before = pets();
    const auto set = [](State& state, const char* name, float value) {
        io::Array& array = state.arrays.at(name);
        std::vector<float> values(array.as_float().size(), value);
        array = io::Array::of(std::span<const float>(values), array.shape);
    };
    set(before.state, "class/query", 1);
    set(before.state, "class/images", 30);
    const auto growth = growth_of(before, Names{"dog"}, Known::kExtended, "pets.pcl");
    State after = grown(before.state, growth, {});
    set(after, "class/query", 5);
    set(after, "class/images", 10);
    count_in_earlier_images(after, before.state, growth);
    const auto query = after.arrays.at("class/query").as_float();
    const auto width = query.size() / 3;
    EXPECT_FLOAT_EQ(query[width], 2) << "(30 * 1 + 10 * 5) / 40";
    EXPECT_EQ(query[0], 5) << "not extended: untouched";
    EXPECT_THAT(after.arrays.at("class/images").as_float(), ElementsAre(10, 40, 10));
}

}  // namespace
}  // namespace promptcl::model
