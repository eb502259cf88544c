#include "promptcl/model/undo.h"

#include "promptcl/core/error.h"
#include "promptcl/model/edit.h"

#include "tests/support/message_of.h"
#include "tests/support/small_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace promptcl::model {
namespace {

using testing::HasSubstr;

constexpr const char* kNow = "2026-02-03T04:05:06Z";

io::Array floats(const std::vector<float>& values, const io::Shape& shape) {
    return io::Array::of(std::span<const float>(values), shape);
}

TEST(LeadingCorner, IsWhatAnArrayWasBeforeItGrew) {
    const io::Array grown = floats({1, 2, 9, 3, 4, 9, 9, 9, 9}, {3, 3});
    EXPECT_EQ(leading_corner(grown, {2, 2}), floats({1, 2, 3, 4}, {2, 2}));
    EXPECT_EQ(leading_corner(grown, {3, 1}), floats({1, 3, 9}, {3, 1}));
}

TEST(LeadingCorner, IsNothingOfAnArrayThatIsSmaller) {
    const io::Array array = floats({1, 2}, {2});
    EXPECT_FALSE(leading_corner(array, {3}));
    EXPECT_FALSE(leading_corner(array, {1, 1}));
    EXPECT_FALSE(leading_corner(array, {-1}));
}

TEST(Undo, KeepsNothingOfAnArrayThatOnlyGrew) {
    State before, after;
    before.arrays["head/bias"] = floats({1, 2}, {2});
    after.arrays["head/bias"] = floats({1, 2, 3}, {3});
    before.arrays["prefix"] = floats({5}, {1});
    after.arrays["prefix"] = floats({6}, {1});
    Event event;
    remember(event, before, after);
    EXPECT_EQ(event.undo_arrays.size(), 1U);
    EXPECT_TRUE(event.undo_arrays.contains("prefix"));
}

TEST(Undo, GivesBackEveryBitOfTheClassifierBefore) {
    const auto before =
        support::small_classifier(support::small_dualprompt(), {"cat", "dog", "owl"});
    const std::array<std::string, 1> gone = {"dog"};
    const Classifier after = renamed(removed(before, gone, kNow), "owl", "eagle owl", kNow);
    const Classifier once = rolled_back(after, "x.pcl");
    EXPECT_THAT(once.state.class_names, testing::ElementsAre("cat", "owl"));
    const Classifier twice = rolled_back(once, "x.pcl");
    EXPECT_EQ(twice.state.arrays, before.state.arrays);
    EXPECT_EQ(twice.state.class_names, before.state.class_names);
    EXPECT_EQ(twice.state.config, before.state.config);
    EXPECT_EQ(twice.history.size(), 1U);
}

TEST(Undo, RefusesToGoBackBeyondTheExport) {
    const auto classifier = support::small_classifier(support::small_l2p(), {"cat"});
    EXPECT_THAT(message_of<UsageError>([&] { rolled_back(classifier, "x.pcl"); }),
                HasSubstr("x.pcl has no step to go back"));
}

TEST(Undo, NamesTheFileWhoseStepsAreDamaged) {
    const auto before = support::small_classifier(support::small_l2p(), {"cat", "dog"});
    Classifier after = renamed(before, "cat", "lion", kNow);
    after.history.back().undo.erase("class_names");
    EXPECT_THAT(message_of<Error>([&] { rolled_back(after, "x.pcl"); }),
                HasSubstr("x.pcl is damaged"));
}

}  // namespace
}  // namespace promptcl::model
