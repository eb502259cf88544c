#include "promptcl/io/base64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace promptcl::io {
namespace {

std::string base64_of(std::string_view text) {
    return base64(std::as_bytes(std::span(text)));
}

TEST(Base64, IsThatOfThePublishedExamples) {  // RFC 4648, section 10
    EXPECT_EQ(base64_of(""), "");
    EXPECT_EQ(base64_of("f"), "Zg==");
    EXPECT_EQ(base64_of("fo"), "Zm8=");
    EXPECT_EQ(base64_of("foo"), "Zm9v");
    EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace promptcl::io
