#include "promptcl/model/arrays.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace promptcl::model {
namespace {

io::Array counted(const io::Shape& shape) {
    std::int64_t size = 1;
    for (const std::int64_t side : shape)
        size *= side;
    std::vector<float> values;
    for (std::int64_t i = 0; i < size; ++i)
        values.push_back(static_cast<float>(i));
    return io::Array::of(std::span<const float>(values), shape);
}

TEST(Slices, KeepTheOrderOfTheIndicesAlongAnyDimension) {
    const io::Array matrix = counted({2, 3});  // 0 1 2 / 3 4 5
    const std::array<std::int64_t, 2> picked = {2, 0};
    EXPECT_EQ(slices(matrix, 1, picked).as_float(), (std::vector<float>{2, 0, 5, 3}));
    EXPECT_EQ(slices(matrix, 0, std::array<std::int64_t, 1>{1}).as_float(),
              (std::vector<float>{3, 4, 5}));
}

TEST(Joined, PutsTheSecondBehindTheFirstInEveryRow) {
    const io::Array a = counted({2, 1}), b = counted({2, 2});  // 0 / 1 and 0 1 / 2 3
    const io::Array both = joined(a, b, 1);
    EXPECT_EQ(both.shape, (io::Shape{2, 3}));
    EXPECT_EQ(both.as_float(), (std::vector<float>{0, 0, 1, 1, 2, 3}));
}

TEST(Joined, UndoesASlicingInTwo) {
    const io::Array whole = counted({2, 4, 3});
    const std::array<std::int64_t, 2> front = {0, 1}, back = {2, 3};
    EXPECT_EQ(joined(slices(whole, 1, front), slices(whole, 1, back), 1), whole);
}

}  // namespace
}  // namespace promptcl::model
