#include "promptcl/io/npy.h"

#include "promptcl/core/error.h"

#include "tests/io/zip_bytes.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// A .npy file of version 1.0 with this header literal and this data.
std::string npy(const std::string& literal, const std::string& data) {
    return "\x93NUMPY\x01\x00"s + static_cast<char>(literal.size()) + '\0' + literal + data;
}

Array read(const std::string& file) {
    return read_npy(as_span(file), "x.npy");
}
std::string error_reading(const std::string& file) {
    return message_of<Error>([&] { read(file); });
}

TEST(NpyReader, ReadsAFileOfNumPy) {
    const auto array = read(npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 1), }   \n",
                                "\x01\0\0\0\xff\xff\xff\xff"s));
    EXPECT_EQ(array.dtype, "int32");
    EXPECT_THAT(array.shape, ElementsAre(2, 1));
    EXPECT_THAT(array.as_int(), ElementsAre(1, -1));
}

TEST(NpyReader, ReadsKeysInAnyOrderAndTheLongsOfPython2) {
    const auto array = read(npy("{\"shape\": (2L,), 'fortran_order':False,'descr':'|u1'}", "\5\6"));
    EXPECT_THAT(array.as_int(), ElementsAre(5, 6));
}

TEST(NpyReader, ReadsTheLongHeadersOfVersions2And3) {
    const std::string literal = "{'descr': '|b1', 'fortran_order': False, 'shape': ()}";
    for (const char version : {'\2', '\3'}) {
        const auto file = "\x93NUMPY"s + version + '\0' + static_cast<char>(literal.size()) +
                          "\0\0\0"s + literal + '\1';
        EXPECT_THAT(read(file).as_float(), ElementsAre(1.0F));
    }
}

TEST(NpyReader, TurnsBigEndianNumbersAround) {
    const auto array =
        read(npy("{'descr': '>u2', 'fortran_order': False, 'shape': (2,)}", "\x01\x02\x03\x04"));
    EXPECT_THAT(array.as_int(), ElementsAre(0x0102, 0x0304));
}

TEST(NpyReader, BringsColumnMajorDataIntoRowMajorOrder) {
    // Element (i, j, k) of the shape (2, 3, 2) is 6 i + 2 j + k.
    const auto array = read(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2)}",
                                "\x00\x06\x02\x08\x04\x0a\x01\x07\x03\x09\x05\x0b"s));
    EXPECT_THAT(array.as_int(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
}

TEST(NpyReader, NamesWhatIsTruncated) {
    const auto whole = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", "12345678");
    EXPECT_EQ(error_reading(whole),
              "cannot read x.npy: float32 of shape [2, 3] needs 24 bytes of data and 8 are there; "
              "copy or download the file again");
    EXPECT_THAT(error_reading(whole.substr(0, 40)), HasSubstr("its .npy header is truncated"));
    EXPECT_THAT(error_reading(whole.substr(0, 5)), HasSubstr("it is not a .npy array"));
    EXPECT_THAT(error_reading(""), HasSubstr("it is not a .npy array"));
}

TEST(NpyReader, RefusesElementTypesItDoesNotKnow) {
    for (const auto* descr : {"'<c8'", "'<U3'", "'|V2'", "'|f4'", "''", "[('a', '<f4')]", "'O'"}) {
        const auto file =
            npy("{'descr': "s + descr + ", 'fortran_order': False, 'shape': (1,)}", "12345678");
        EXPECT_THAT(error_reading(file), HasSubstr("its element type")) << descr;
    }
}

TEST(NpyReader, RefusesShapesThatNoFileCanHold) {
    for (const auto* shape : {"(4611686018427387904, 2)", "(3037000500, 3037000500)"}) {
        const auto file =
            npy("{'descr': '<f4', 'fortran_order': False, 'shape': "s + shape + "}", "1234");
        EXPECT_THAT(error_reading(file), HasSubstr("is too large")) << shape;
    }
}

TEST(NpyReader, RefusesBrokenHeaders) {
    for (const auto* literal :
         {"", "{}", "{'descr': '<f4', 'fortran_order': False}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}",
          "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
          "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1,"}) {
        EXPECT_THAT(error_reading(npy(literal, "1234")),
                    testing::AnyOf(HasSubstr("header is broken"), HasSubstr("not a .npy array")))
            << literal;
    }
}

TEST(NpyWriter, WritesTheBytesOfTheFormat) {
    const auto file = write_npy(Array::of(std::vector<std::uint8_t>{1, 2}, {2}));
    const auto literal =
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }"s + std::string(60, ' ') + "\n";
    const auto wanted = npy(literal, "\1\2");
    EXPECT_EQ(wanted.size(), 128u + 2u);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(file.data()), file.size()), wanted);
}

TEST(NpyWriter, WritesWhatTheReaderReads) {
    for (const auto& array :
         {Array::of(std::vector<float>{1, 2, 3, 4, 5, 6}, {3, 2}),
          Array::of(std::vector<std::int64_t>{-1}, {}), Array::of(std::vector<double>{}, {0, 4}),
          Array{"float16", {1}, {std::byte{0}, std::byte{0x3c}}},
          Array{"bool", {1}, {std::byte{1}}}}) {
        EXPECT_EQ(read_npy(write_npy(array), "x.npy"), array);
    }
}

TEST(NpyWriter, RefusesBfloat16) {
    const Array array{"bfloat16", {1}, {std::byte{0}, std::byte{0}}};
    EXPECT_THAT(message_of<Error>([&] { write_npy(array); }), HasSubstr("bfloat16"));
}

}  // namespace
}  // namespace promptcl::io
