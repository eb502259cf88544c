#include "promptcl/io/idx.h"

#include "promptcl/core/error.h"

#include "tests/io/idx_bytes.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::HasSubstr;

std::string error_reading(const std::string& file) {
    return message_of<Error>([&] { read_idx(file, "t10k"); });
}

TEST(Idx, HoldsAnArrayWithBigEndianDimensions) {
    const std::string labels("\0\0\x08\x01\0\0\0\x03\x07\x02\xff", 11);
    EXPECT_EQ(read_idx(labels, "t10k"), Array::of(std::vector<std::uint8_t>{7, 2, 255}, {3}));
    const auto wide = read_idx(idx_bytes({2, 300}, std::string(600, 'x')), "t10k");
    EXPECT_EQ(wide.shape, (Shape{2, 300}));
}

TEST(Idx, SaysWhatItIsNot) {
    EXPECT_EQ(error_reading("PK"),
              "cannot read t10k: it is no IDX file, which begins with two bytes of zero; copy or "
              "download the file again");
    EXPECT_THAT(error_reading("<html></html>"), HasSubstr("it is no IDX file"));
    EXPECT_THAT(error_reading(idx_bytes({1}, "abcd", 0x0d)),
                HasSubstr("its elements are of type 0x0d and not bytes (0x08)"));
}

TEST(Idx, SaysThatItIsCutOffWhereverItEnds) {
    const std::string whole = idx_bytes({2, 3}, "abcdef");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THAT(error_reading(whole.substr(0, size)), HasSubstr("t10k")) << size;
    EXPECT_THAT(error_reading(whole.substr(0, 17)),
                HasSubstr("it is of shape [2, 3] and holds 5 elements"));
    EXPECT_THAT(error_reading(whole + "g"), HasSubstr("holds 7 elements"));
    EXPECT_THAT(error_reading(idx_bytes({0xffffffff, 0xffffffff, 0xffffffff}, "a")),
                HasSubstr("holds 1 elements"));
}

}  // namespace
}  // namespace promptcl::io
