#include "promptcl/config/assign.h"
#include "promptcl/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace promptcl::config {
namespace {

TEST(ConfigurationPage, IsWhatListKeysMarkdownPrints) {
    std::ifstream file(PROMPTCL_SOURCE_DIR "/docs/configuration.md");
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_EQ(text.str(), keys_markdown())
        << "refresh it: promptcl list keys --markdown > docs/configuration.md";
}

TEST(Keys, AreDistinctAndEachHasAHelpText) {
    std::set<std::string> names;
    for (const auto& info : key_infos()) {
        EXPECT_TRUE(names.insert(info.key).second) << info.key;
        EXPECT_GT(info.help.size(), 5U) << info.key;
    }
    EXPECT_EQ(names.size(), keys().size());
}

}  // namespace
}  // namespace promptcl::config
