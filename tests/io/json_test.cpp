#include "promptcl/io/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace promptcl::io {
namespace {

using nlohmann::json;
using testing::ElementsAre;

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

TEST(Json, IsRefusedWhenACopyOfItCouldTakeTheWholeStack) {
    EXPECT_EQ(parse_json(nested(50)).dump(), nested(50));
    EXPECT_THROW(parse_json(nested(1'000'000)), json::exception);
    EXPECT_THROW(parse_json(std::string(1'000'000, '[')), json::exception);
}

TEST(Json, NumbersAreWholeOnlyWhenTheyAreWrittenSo) {
    EXPECT_EQ(whole_number(json::parse("-7")), -7);
    for (const char* other : {"1e300", "0.5", "true", "\"7\"", "null", "[7]"})
        EXPECT_THROW(whole_number(json::parse(other)), json::exception) << other;
}

TEST(Json, ListsOfWholeNumbersHoldNothingElse) {
    EXPECT_THAT(whole_numbers(json::parse("[1, -2]")), ElementsAre(1, -2));
    for (const char* other : {"[1, 0.5]", "[1, null]", "7", "{\"a\": 1}"})
        EXPECT_THROW(whole_numbers(json::parse(other)), json::exception) << other;
}

}  // namespace
}  // namespace promptcl::io
