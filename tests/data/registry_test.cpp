#include "promptcl/data/registry.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Registry, NamesEveryDataSetOnceAndSaysWhatItIs) {
    std::set<std::string_view> names;
    for (const auto& entry : datasets()) {
        EXPECT_FALSE(entry.summary.empty());
        EXPECT_TRUE(names.insert(entry.name).second);
    }
    EXPECT_TRUE(names.contains(config::Config{}.dataset));
}

TEST(Registry, OpensTheDataSetOfTheConfiguration) {
    config::Config config;
    config.dataset = "synthetic";
    config.synthetic.train_per_class = 1;
    config.synthetic.test_per_class = 1;
    EXPECT_EQ(open_dataset(config).train->size(), 20);
}

TEST(Registry, AnswersAnUnknownNameWithTheKnownOnes) {
    config::Config config;
    config.dataset = "cifar";
    try {
        open_dataset(config);
        FAIL() << "no error";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(),
                    AllOf(HasSubstr("\"cifar\""), HasSubstr("valid are cifar10, cifar100, mnist"),
                          HasSubstr("did you mean \"cifar1")));
    }
}

}  // namespace
}  // namespace promptcl::data
