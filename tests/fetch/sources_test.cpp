#include "promptcl/fetch/sources.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace promptcl::fetch {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Sources, HaveNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const auto& source : sources())
        EXPECT_TRUE(names.insert(source.name).second) << source.name;
    for (const auto& group : groups())
        EXPECT_TRUE(names.insert(group.name).second) << group.name;
}

TEST(Sources, SayWhatTheyAreWhoseAndWhereFrom) {
    for (const auto& source : sources()) {
        for (const auto text :
             {source.summary, source.needed_by, source.licence, source.home, source.checked_by})
            EXPECT_THAT(text, Not(IsEmpty())) << source.name;
        EXPECT_THAT(source.bases, Not(IsEmpty())) << source.name;
        EXPECT_THAT(source.files, Not(IsEmpty())) << source.name;
        for (const auto base : source.bases) {
            EXPECT_THAT(base, AnyOf(StartsWith("https://"), StartsWith("http://")));
            EXPECT_THAT(base, EndsWith("/"));
        }
    }
}

TEST(Sources, HaveChecksumsOfTheRightLengthOrSayThatNoneIsPublished) {
    for (const auto& source : sources()) {
        for (const auto& file : source.files) {
            EXPECT_EQ(file.checksum.has_value(), source.checked_by != "none published")
                << source.name;
            if (!file.checksum) continue;
            EXPECT_EQ(file.checksum->hex.size(), io::hex_digits(file.checksum->kind));
            EXPECT_EQ(file.checksum->hex.find_first_not_of("0123456789abcdef"),
                      std::string_view::npos);
            EXPECT_GT(file.bytes, 0) << file.name;
        }
    }
}

TEST(Sources, LeaveTheDataSetsThatNobodyDistributes) {
    EXPECT_THAT(unfetched(), AllOf(Contains("image_folder"), Contains("synthetic"),
                                   Not(Contains("cifar100")), Not(Contains("five_datasets"))));
}

TEST(Sources, AreFoundByNameAndByGroup) {
    EXPECT_EQ(sources_named("cifar100").size(), 1U);
    for (const auto& group : groups())
        EXPECT_EQ(sources_named(group.name).size(), group.members.size()) << group.name;
}

TEST(Sources, SuggestTheNearestNameForAnUnknownOne) {
    try {
        sources_named("cifar-100");
        FAIL() << "nothing was thrown";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("did you mean \"cifar100\"?"));
    }
}

}  // namespace
}  // namespace promptcl::fetch
