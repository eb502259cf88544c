#include "promptcl/engine/floats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace promptcl::engine {
namespace {

TEST(FloatArena, GivesPartsOnWholeCacheLinesThatKeepWhatIsWrittenToThem) {
    FloatArena arena;
    const std::vector<std::int64_t> sizes = {1, 17, 5'000'000, 16, 12'000'000, 3, 20'000'000, 1};
    std::vector<float*> parts;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        parts.push_back(arena.take(sizes[i]));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(parts[i]) % 64, 0U);
        std::fill_n(parts[i], sizes[i], static_cast<float>(i));
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        EXPECT_TRUE(std::all_of(parts[i], parts[i] + sizes[i],
                                [&](float x) { return x == static_cast<float>(i); }));
    }
}

TEST(FloatArena, KeepsItsPartsWhenItIsMoved) {
    FloatArena arena;
    float* part = arena.take(10);
    *part = 4;
    const FloatArena moved = std::move(arena);
    EXPECT_EQ(*part, 4);
}

}  // namespace
}  // namespace promptcl::engine
