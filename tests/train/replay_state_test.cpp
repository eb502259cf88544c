#include "promptcl/train/replay_state.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace promptcl::train {
namespace {

using testing::HasSubstr;

stream::ReplayBuffer empty_buffer() {
    return {2, Rng(5)};
}

/// Images of 1 x 2 and 2 x 1 pixels.
stream::ReplayBuffer two_images() {
    auto buffer = empty_buffer();
    buffer.add(17, 3, {1, 2, std::array<std::uint8_t, 6>{1, 2, 3, 4, 5, 6}});
    buffer.add(9, 0, {2, 1, std::array<std::uint8_t, 6>{7, 8, 9, 250, 251, 252}});
    return buffer;
}

TEST(ReplayState, GivesTheBufferBack) {
    const auto before = two_images();
    auto after = empty_buffer();
    restore(after, arrays_of(before), "x");
    ASSERT_EQ(after.size(), 2);
    EXPECT_EQ(arrays_of(after), arrays_of(before));
    EXPECT_EQ(after.image(0).height, 2);
    EXPECT_EQ(after.image(0).rgb[3], 250);
    EXPECT_EQ(after.label(1), 3);
}

TEST(ReplayState, OfAnEmptyBufferIsEmpty) {
    auto after = empty_buffer();
    restore(after, arrays_of(empty_buffer()), "x");
    EXPECT_EQ(after.size(), 0);
}

TEST(ReplayState, NamesTheArrayThatIsMissing) {
    auto arrays = arrays_of(two_images());
    arrays.erase("replay/label");
    auto after = empty_buffer();
    try {
        restore(after, arrays, "the state beside m");
        FAIL() << "restored without labels";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("the state beside m holds no array replay/label"));
    }
}

TEST(ReplayState, RefusesSizesThatAreNotThoseOfThePixels) {
    const std::vector<std::vector<std::int64_t>> broken = {
        {2, 1, 1, 1}, {2, 1, 1, 3}, {2, 1, -1, -2}, {1'000'000, 1'000'000, 1, 2}, {2, 1}};
    for (const auto& sizes : broken) {
        auto arrays = arrays_of(two_images());
        arrays["replay/size"] =
            io::Array::of(std::span(sizes), {static_cast<std::int64_t>(sizes.size()) / 2, 2});
        auto after = empty_buffer();
        EXPECT_THROW(restore(after, arrays, "x"), Error);
    }
}

}  // namespace
}  // namespace promptcl::train
