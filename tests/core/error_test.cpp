#include "promptcl/core/error.h"

#include <gtest/gtest.h>

namespace promptcl {
namespace {

TEST(Error, IsOneSentenceWithItsHint) {
    EXPECT_STREQ(Error("cannot read x.npz", "give the path of a ViT checkpoint").what(),
                 "cannot read x.npz; give the path of a ViT checkpoint");
}

TEST(Error, TellsTheWorldFromTheUserByItsExitCode) {
    EXPECT_EQ(Error("disk full").exit_code(), ExitCode::kWorld);
    EXPECT_EQ(UsageError("unknown key").exit_code(), ExitCode::kUsage);
}

TEST(Require, ThrowsABugThatNamesTheRuleAndThePlace) {
    try {
        require(false, "top_k lies in the pool");
        FAIL() << "a broken rule passed";
    } catch (const Bug& bug) {
        EXPECT_NE(std::string(bug.what()).find("top_k lies in the pool"), std::string::npos);
        EXPECT_NE(std::string(bug.what()).find("error_test.cpp"), std::string::npos);
    }
}

}  // namespace
}  // namespace promptcl
