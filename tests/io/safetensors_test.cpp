#include "promptcl/io/safetensors.h"

#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::string length_field(std::size_t length) {
    std::string field;
    for (int byte = 0; byte < 8; ++byte)
        field += static_cast<char>(length >> (8 * byte) & 0xff);
    return field;
}

std::string file_of(const std::string& header, const std::string& data) {
    return length_field(header.size()) + header + data;
}

class SafeTensorsReader : public testing::Test {
  protected:
    SafeTensors read(const std::string& file) {
        write_file_atomically(path_, file);
        return read_safetensors(path_);
    }
    std::string error_reading(const std::string& file) {
        return message_of<Error>([&] { read(file); });
    }
    /// Of a file with the one array `description` and 4 bytes of data.
    std::string error_reading_array(const std::string& description) {
        return error_reading(file_of("{\"a\":" + description + "}", "1234"));
    }

    TemporaryFolder folder_;
    std::filesystem::path path_ = folder_ / "x.safetensors";
};

TEST_F(SafeTensorsReader, ReadsArraysAndMetadata) {
    const auto contents =
        read(file_of(R"({"__metadata__":{"format":"pt"},)"
                     R"("b":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]},)"
                     R"("a":{"dtype":"I32","shape":[],"data_offsets":[0,4]},)"
                     R"("none":{"dtype":"F64","shape":[0,3],"data_offsets":[4,4]}}   )",
                     "\x07\0\0\0\x80\x3f\0\xc0"s));
    EXPECT_THAT(contents.arrays.at("a").as_int(), ElementsAre(7));
    EXPECT_THAT(contents.arrays.at("b").as_float(), ElementsAre(1.0F, -2.0F));
    EXPECT_THAT(contents.arrays.at("b").shape, ElementsAre(1, 2));
    EXPECT_EQ(contents.arrays.at("none").size(), 0);
    EXPECT_EQ(contents.metadata, (Metadata{{"format", "pt"}}));
}

TEST_F(SafeTensorsReader, ReadsTheHeaderAlone) {
    const auto header = R"({"__metadata__":{"k":"v"},)"
                        R"("a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})"s;
    write_file_atomically(path_, file_of(header, "1234"));
    const auto found = read_safetensors_header(path_);
    EXPECT_EQ(found.arrays, (ArrayInfoMap{{"a", {"uint8", {4}}}}));
    EXPECT_EQ(found.metadata, (Metadata{{"k", "v"}}));
}

TEST_F(SafeTensorsReader, SaysWhatIsTruncated) {
    const auto whole = file_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", "1234");
    EXPECT_EQ(error_reading(whole.substr(0, whole.size() - 1)),
              "cannot read " + path_.string() +
                  ": its data are truncated to 3 of 4 bytes; copy or download the file again");
    EXPECT_THAT(error_reading(whole.substr(0, 20)), HasSubstr("its header is truncated"));
    EXPECT_THAT(error_reading(whole.substr(0, 7)), HasSubstr("it is not a safetensors file"));
    EXPECT_THAT(error_reading(""), HasSubstr("it is not a safetensors file"));
}

TEST_F(SafeTensorsReader, RefusesOtherFiles) {
    EXPECT_THAT(error_reading("PK\x03\x04 this is another format"),
                HasSubstr("it is not a safetensors file"));
    EXPECT_THAT(error_reading(file_of("[1, 2]", "")), HasSubstr("it is not a safetensors file"));
    EXPECT_THAT(error_reading(file_of("{\"a\":", "")), HasSubstr("not valid JSON"));
    EXPECT_THAT(error_reading(length_field(~0ULL) + "{}"), HasSubstr("not a safetensors file"));
    EXPECT_THAT(message_of<Error>([] { read_safetensors("/no/such/file"); }),
                HasSubstr("no such file"));
}

TEST_F(SafeTensorsReader, RefusesOverlapsGapsAndBytesOfNoArray) {
    const auto two = [](const std::string& a, const std::string& b) {
        return file_of(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)" + a +
                           R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)" + b + "}}",
                       "12345678");
    };
    EXPECT_EQ(read(two("[4,8]", "[0,4]")).arrays.size(), 2u);
    EXPECT_THAT(error_reading(two("[0,4]", "[3,7]")),
                HasSubstr("its array b begins at byte 3 of the data and not at 4"));
    EXPECT_THAT(error_reading(two("[0,4]", "[5,9]")), HasSubstr("begins at byte 5"));
    EXPECT_THAT(error_reading(two("[0,4]", "[4,8]") + "9"),
                HasSubstr("its arrays take 8 bytes and 9 are there"));
}

TEST_F(SafeTensorsReader, RefusesArraysThatAreNotWhatTheySay) {
    EXPECT_THAT(error_reading_array(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})"),
                HasSubstr("its array a of shape [2] needs 8 bytes and has 4"));
    EXPECT_THAT(error_reading_array(R"({"dtype":"F4","shape":[1],"data_offsets":[0,4]})"),
                HasSubstr("its array a (F4)"));
    EXPECT_THAT(error_reading_array(R"({"shape":[1],"data_offsets":[0,4]})"), HasSubstr("(none)"));
    EXPECT_THAT(error_reading_array("7"), HasSubstr("its array a is not described"));
    for (const auto* broken :
         {R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})",
          R"({"dtype":"F32","shape":[1.0],"data_offsets":[0,4]})",
          R"({"dtype":"F32","shape":1,"data_offsets":[0,4]})",
          R"({"dtype":"F32","data_offsets":[0,4]})", R"({"dtype":"F32","shape":[1]})",
          R"({"dtype":"F32","shape":[1],"data_offsets":[0]})",
          R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})",
          R"({"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]})",
          R"({"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]})"}) {
        EXPECT_THAT(error_reading_array(broken), HasSubstr("of its array a are broken")) << broken;
    }
}

TEST_F(SafeTensorsReader, RefusesWhatIsNamedTwice) {
    const auto array = R"("a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})"s;
    EXPECT_THAT(error_reading(file_of("{" + array + "," + array + "}", "")),
                HasSubstr("names a twice"));
    EXPECT_THAT(error_reading(file_of(R"({"__metadata__":{"k":"1","k":"2"}})", "")),
                HasSubstr("names k twice"));
}

TEST_F(SafeTensorsReader, RefusesMetadataThatAreNoTexts) {
    EXPECT_THAT(error_reading(file_of(R"({"__metadata__":{"k":1}})", "")),
                HasSubstr("its metadata k is not a text"));
    EXPECT_THAT(error_reading(file_of(R"({"__metadata__":"k"})", "")), HasSubstr("its metadata"));
}

TEST_F(SafeTensorsReader, RefusesDeepNesting) {
    EXPECT_THAT(error_reading(file_of("{\"a\":" + std::string(100'000, '['), "")),
                HasSubstr("nested too deeply"));
}

TEST(SafeTensorsWriter, WritesTheBytesOfTheFormatWithWideElementsFirst) {
    const TemporaryFolder folder;
    write_safetensors(folder / "x", {{{"a", Array::of(std::vector<std::uint8_t>{5}, {1})},
                                      {"b", Array::of(std::vector<std::int32_t>{6}, {1})}},
                                     {{"k", "v"}}});
    const auto header = R"({"__metadata__":{"k":"v"},)"
                        R"("b":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},)"
                        R"("a":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}})"s;
    const auto padded = header + std::string((8 - header.size() % 8) % 8, ' ');
    EXPECT_EQ(read_file(folder / "x"), file_of(padded, "\x06\0\0\0\x05"s));
}

TEST(SafeTensorsWriter, WritesWhatTheReaderReads) {
    const TemporaryFolder folder;
    const SafeTensors contents{{{"head/bias", Array::of(std::vector<float>{1, 2, 3}, {3})},
                                {"half", {"float16", {1}, {std::byte{0}, std::byte{0x3c}}}},
                                {"mask", {"bool", {2}, {std::byte{0}, std::byte{1}}}},
                                {"none", Array::of(std::vector<double>{}, {0})},
                                {"steps", Array::of(std::vector<std::int64_t>{1, 2}, {2})}},
                               {{"config", "text with \"quotes\" and\nlines"}}};
    write_safetensors(folder / "x", contents);
    const auto read = read_safetensors(folder / "x");
    EXPECT_EQ(read.arrays, contents.arrays);
    EXPECT_EQ(read.metadata, contents.metadata);
    EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(SafeTensorsWriter, WritesAFileWithoutArrays) {
    const TemporaryFolder folder;
    write_safetensors(folder / "x", {});
    EXPECT_TRUE(read_safetensors(folder / "x").arrays.empty());
}

}  // namespace
}  // namespace promptcl::io
