#include "promptcl/io/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Lines, EndInLfOrCrlfAndTheLastMayEndInNothing) {
    EXPECT_THAT(lines_of("a\nb\r\nc"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(lines_of("a\n"), ElementsAre("a"));
}

TEST(Lines, CountEmptyOnesToo) {
    EXPECT_THAT(lines_of("\n\nx\n"), ElementsAre("", "", "x"));
    EXPECT_THAT(lines_of(""), IsEmpty());
}

}  // namespace
}  // namespace promptcl::io
