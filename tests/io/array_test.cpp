#include "promptcl/io/array.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Array from_bytes(std::string dtype, Shape shape, std::initializer_list<int> bytes) {
    Array array{std::move(dtype), std::move(shape), {}};
    for (const int byte : bytes)
        array.bytes.push_back(static_cast<std::byte>(byte));
    return array;
}

TEST(Array, HoldsTheValuesItWasMadeOf) {
    const std::vector<float> values{1, -2.5F, 3, 4, 5, 6};
    const auto array = Array::of(values, {2, 3});
    EXPECT_EQ(array.dtype, "float32");
    EXPECT_EQ(array.size(), 6);
    EXPECT_EQ(array.as_float(), values);
}

TEST(Array, OfTheEmptyShapeIsOneNumber) {
    const auto array = Array::of(std::vector<std::int64_t>{7}, {});
    EXPECT_EQ(array.size(), 1);
    EXPECT_THAT(array.as_int(), ElementsAre(7));
}

TEST(Array, ReadsEveryElementTypeAsFloat) {
    EXPECT_THAT(from_bytes("float16", {2}, {0x00, 0x3c, 0x00, 0xc0}).as_float(),
                ElementsAre(1.0F, -2.0F));
    EXPECT_THAT(from_bytes("bfloat16", {1}, {0x80, 0x3f}).as_float(), ElementsAre(1.0F));
    EXPECT_THAT(from_bytes("uint8", {2}, {0, 255}).as_float(), ElementsAre(0.0F, 255.0F));
    EXPECT_THAT(from_bytes("int8", {1}, {255}).as_float(), ElementsAre(-1.0F));
    EXPECT_THAT(from_bytes("uint16", {1}, {1, 2}).as_float(), ElementsAre(513.0F));
    EXPECT_THAT(from_bytes("bool", {3}, {0, 1, 1}).as_float(), ElementsAre(0.0F, 1.0F, 1.0F));
    EXPECT_THAT(Array::of(std::vector<double>{0.5}, {1}).as_float(), ElementsAre(0.5F));
}

TEST(Array, KeepsAllDigitsOfADouble) {
    EXPECT_THAT(Array::of(std::vector<double>{0.1}, {1}).as_double(), ElementsAre(0.1));
}

TEST(Array, ReadsEveryIntegerTypeAsInt) {
    EXPECT_THAT(from_bytes("int16", {1}, {0xfe, 0xff}).as_int(), ElementsAre(-2));
    EXPECT_THAT(from_bytes("uint32", {1}, {0xff, 0xff, 0xff, 0xff}).as_int(),
                ElementsAre(4294967295));
    EXPECT_THAT(Array::of(std::vector<std::int32_t>{-3}, {1}).as_int(), ElementsAre(-3));
    EXPECT_THAT(Array::of(std::vector<std::uint8_t>{200}, {1}).as_int(), ElementsAre(200));
}

TEST(Array, RefusesToReadNumbersWithFractionsAsInt) {
    const auto array = Array::of(std::vector<float>{1}, {1});
    EXPECT_THAT(message_of<Error>([&] { array.as_int(); }), HasSubstr("float32"));
}

TEST(Array, RefusesUnsignedNumbersThatAreTooLargeForInt) {
    const auto array = from_bytes("uint64", {1}, {0, 0, 0, 0, 0, 0, 0, 0x80});
    EXPECT_THAT(message_of<Error>([&] { array.as_int(); }), HasSubstr("2^63"));
}

TEST(Array, OfAnotherNumberOfValuesThanItsShapeIsABug) {
    EXPECT_THROW(Array::of(std::vector<float>{1, 2, 3}, {2, 2}), Bug);
}

TEST(ByteCount, IsNothingWhenTheShapeIsAbsurd) {
    EXPECT_EQ(byte_count(Shape{2, 3}, 4), 24);
    EXPECT_EQ(byte_count(Shape{}, 8), 8);
    EXPECT_EQ(byte_count(Shape{5, 0}, 8), 0);
    EXPECT_EQ(byte_count(Shape{-1}, 4), std::nullopt);
    EXPECT_EQ(byte_count(Shape{std::int64_t{1} << 62}, 2), std::nullopt);
}

}  // namespace
}  // namespace promptcl::io
