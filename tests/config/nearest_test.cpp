#include "promptcl/config/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace promptcl::config {
namespace {

const std::vector<std::string_view> kKeys = {"prompt_pool_param.length", "g_prompt_length",
                                             "optim"};

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
    EXPECT_EQ(edit_distance("adam", "adam"), 0);
    EXPECT_EQ(edit_distance("adm", "adam"), 1);
    EXPECT_EQ(edit_distance("adaam", "adam"), 1);
    EXPECT_EQ(edit_distance("adxm", "adam"), 1);
    EXPECT_EQ(edit_distance("adma", "adam"), 1);
    EXPECT_EQ(edit_distance("", "sgd"), 3);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(EditDistance, IgnoresCase) {
    EXPECT_EQ(edit_distance("ViT-b_16", "vit-B_16"), 0);
}

TEST(Nearest, ComparesWithTheLastPartOfADottedNameToo) {
    EXPECT_EQ(nearest("lenght", kKeys), "prompt_pool_param.length");
    EXPECT_EQ(nearest("promt_pool_param.length", kKeys), "prompt_pool_param.length");
    EXPECT_EQ(nearest("g_promptlength", kKeys), "g_prompt_length");
}

TEST(Nearest, SaysNothingWhenNothingIsNear) {
    EXPECT_EQ(nearest("banana", kKeys), std::nullopt);
    EXPECT_EQ(did_you_mean("banana", kKeys), "");
    EXPECT_EQ(nearest("x", {}), std::nullopt);
}

}  // namespace
}  // namespace promptcl::config
