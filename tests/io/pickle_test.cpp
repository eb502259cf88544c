#include "promptcl/io/pickle.h"

#include "promptcl/core/error.h"

#include "tests/io/pickle_bytes.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

Array bytes(const Ints& values, Shape shape) {
    std::vector<std::uint8_t> narrow(values.begin(), values.end());
    return Array::of(narrow, std::move(shape));
}

PickledDict read(const std::string& file) {
    return read_pickle(file, "data_batch_1");
}
std::string error_reading(const std::string& file) {
    return message_of<Error>([&] { read(file); });
}

template <std::size_t size>
std::string literal(const char (&text)[size]) {
    return {text, size - 1};
}

/// {'data': np.array([[250, 251, 252], [253, 254, 255]], 'u1'), 'labels': [3, 300]}, with
/// 'label_names': ['a', 'b'] in the last three, as Python wrote it.
const std::string kPython2 = literal(
    "\x80\x02}q\x01(U\x06labelsq\x02]q\x03(K\x03M,\x01"
    "eU\x04"
    "dataq\x04"
    "cnumpy.core.multiarray\n_reconstruct\nq\x05"
    "cnumpy\nndarray\nq\x06K\x00\x85U\x01"
    "b\x87Rq\x07(K\x01K\x02K\x03\x86"
    "cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\t(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff"
    "\xffK\x00tb\x89U\x06\xfa\xfb\xfc\xfd\xfe\xfftbu.");
const std::string kPython3Protocol2 = literal(
    "\x80\x02}q\x00(X\x04\x00\x00\x00"
    "dataq\x01"
    "cnumpy._core.multiarray\n_reconstruct\nq\x02"
    "cnumpy\nndarray\nq\x03K\x00\x85q\x04"
    "c_codecs\nencode\nq\x05X\x01\x00\x00\x00"
    "bq\x06X\x06\x00\x00\x00latin1q\x07\x86q\x08Rq\t\x87q\nRq\x0b(K\x01K\x02K\x03\x86q\x0c"
    "cnumpy\ndtype\nq\rX\x02\x00\x00\x00u1q\x0e\x89\x88\x87q\x0fRq\x10(K\x03X\x01\x00\x00\x00|q\x11"
    "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x12"
    "b\x89h\x05X\x0c\x00\x00\x00\xc3\xba\xc3\xbb\xc3\xbc\xc3\xbd\xc3\xbe\xc3\xbfq\x13h\x07\x86q\x14"
    "R"
    "q\x15tq\x16"
    "bX\x06\x00\x00\x00labelsq\x17]q\x18(K\x03M,\x01"
    "eX\x0b\x00\x00\x00label_namesq\x19]q\x1a(X\x01\x00\x00\x00"
    "aq\x1bX\x01\x00\x00\x00"
    "bq\x1c"
    "eu.");
const std::string kPython3Protocol3 = literal(
    "\x80\x03}q\x00(X\x04\x00\x00\x00"
    "dataq\x01"
    "cnumpy._core.multiarray\n_reconstruct\nq\x02"
    "cnumpy\nndarray\nq\x03K\x00\x85q\x04"
    "C\x01"
    "bq\x05\x87q\x06Rq\x07(K\x01K\x02K\x03\x86q\x08"
    "cnumpy\ndtype\nq\tX\x02\x00\x00\x00u1q\n\x89\x88\x87q\x0bRq\x0c(K\x03X\x01\x00\x00\x00|q\rNNNJ"
    "\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0e"
    "b\x89"
    "C\x06\xfa\xfb\xfc\xfd\xfe\xffq\x0ftq\x10"
    "bX\x06\x00\x00\x00labelsq\x11]q\x12(K\x03M,\x01"
    "eX\x0b\x00\x00\x00label_namesq\x13]q\x14(X\x01\x00\x00\x00"
    "aq\x15X\x01\x00\x00\x00"
    "bq\x16"
    "eu.");
const std::string kPython3Protocol4 = literal(
    "\x80\x04\x95\xc8\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x04"
    "data\x94\x8c\x16numpy._core.multiarray\x94\x8c\x0c_"
    "reconstruct\x94\x93\x94\x8c\x05numpy\x94\x8c"
    "\x07ndarray\x94\x93\x94K\x00\x85\x94"
    "C\x01"
    "b\x94\x87\x94R\x94(K\x01K\x02K\x03\x86\x94h\x05\x8c\x05"
    "dtype\x94\x93\x94\x8c\x02u1\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|"
    "\x94NNNJ\xff\xff\xff\xffJ\xff"
    "\xff\xff\xffK\x00t\x94"
    "b\x89"
    "C\x06\xfa\xfb\xfc\xfd\xfe\xff\x94t\x94"
    "b\x8c\x06labels\x94]\x94(K\x03M,\x01"
    "e\x8c\x0blabel_names\x94]\x94(\x8c\x01"
    "a\x94\x8c\x01"
    "b\x94"
    "eu.");

TEST(Pickle, OfPython2IsRead) {
    const auto dict = read(kPython2);
    EXPECT_EQ(std::get<Array>(dict.at("data")), bytes({250, 251, 252, 253, 254, 255}, {2, 3}));
    EXPECT_THAT(std::get<Ints>(dict.at("labels")), ElementsAre(3, 300));
}

TEST(Pickle, OfPython3IsReadInEachProtocol) {
    for (const auto& file : {kPython3Protocol2, kPython3Protocol3, kPython3Protocol4}) {
        const auto dict = read(file);
        EXPECT_EQ(std::get<Array>(dict.at("data")), bytes({250, 251, 252, 253, 254, 255}, {2, 3}));
        EXPECT_THAT(std::get<Ints>(dict.at("labels")), ElementsAre(3, 300));
        EXPECT_THAT(std::get<Texts>(dict.at("label_names")), ElementsAre("a", "b"));
    }
}

TEST(Pickle, HoldsIntegersOfEveryWidth) {
    EXPECT_EQ(std::get<std::int64_t>(read(pickled_dict({{"n", "K\xff"}})).at("n")), 255);
    EXPECT_EQ(std::get<std::int64_t>(read(pickled_dict({{"n", "M\x10'"}})).at("n")), 10000);
    EXPECT_EQ(std::get<std::int64_t>(read(pickled_dict({{"n", "J\xfe\xff\xff\xff"}})).at("n")), -2);
    EXPECT_EQ(std::get<std::int64_t>(read(pickled_dict({{"n", "\x8a\x02\xfe\xff"}})).at("n")), -2);
    EXPECT_EQ(
        std::get<std::int64_t>(read(pickled_dict({{"n", std::string("\x8a") + '\0'}})).at("n")), 0);
}

TEST(Pickle, TurnsAColumnMajorArrayRound) {
    const auto dict = read(pickled_dict({{"data", pickled_array(2, 3, "adbecf", "u1", true)}}));
    const auto array = std::get<Array>(dict.at("data"));
    EXPECT_EQ(array, bytes({'a', 'b', 'c', 'd', 'e', 'f'}, {2, 3}));
}

TEST(Pickle, PassesOverValuesOfOtherKinds) {
    const auto dict = read(pickled_dict({{"a", "N"},
                                         {"b",
                                          "](NK\x01"
                                          "e"},
                                         {"c", "K\x01"}}));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(dict.at("a")));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(dict.at("b")));
    EXPECT_EQ(std::get<std::int64_t>(dict.at("c")), 1);
}

TEST(Pickle, NamesTheFunctionThatItRefusesToCall) {
    EXPECT_EQ(error_reading("\x80\x02"
                            "cos\nsystem\nU\x02ls\x85R."),
              "cannot read data_batch_1: it asks for os.system, which no data set needs; copy or "
              "download the file again");
    EXPECT_THAT(error_reading("\x80\x04\x8c\x08"
                              "builtins\x8c\x04"
                              "eval\x93."),
                HasSubstr("it asks for builtins.eval"));
}

TEST(Pickle, RefusesInstructionsThatNoDataSetNeeds) {
    EXPECT_THAT(error_reading("\x80\x02(i__main__\nX\n."),
                HasSubstr("byte 3 is the instruction 0x69, which no data set needs"));
    EXPECT_THAT(error_reading(pickled_dict({{"a",
                                             "K\x01K\x02"
                                             "b"}})),
                HasSubstr("changes a value"));
    EXPECT_THAT(error_reading(pickled_dict({{"a", "K\x01)R"}})), HasSubstr("makes a call"));
}

TEST(Pickle, SaysWhatIsWrongWithAnArray) {
    const auto error = [](const std::string& array) {
        return error_reading(pickled_dict({{"data", array}}));
    };
    EXPECT_THAT(error(pickled_array(1, 2, "abcdefgh", "f4")),
                HasSubstr("an array in it has elements of type f4 and not u1"));
    EXPECT_THAT(error(pickled_array(2, 3, "abcde")),
                HasSubstr("an array of shape [2, 3] in it has 5 elements"));
    EXPECT_THAT(error("cnumpy.core.multiarray\n_reconstruct\n)R"),
                HasSubstr("an array in it is not as NumPy pickles one"));
}

TEST(Pickle, SaysThatItIsCutOffWhereverItEnds) {
    for (const auto& whole : {kPython2, kPython3Protocol2, kPython3Protocol4}) {
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_THAT(error_reading(whole.substr(0, size)), HasSubstr("it is cut off")) << size;
    }
}

TEST(Pickle, SaysWhatItIsNot) {
    EXPECT_THAT(error_reading("\x1f\x8b\x08"), HasSubstr("it is no pickle of protocol 2 to 4"));
    EXPECT_THAT(error_reading("\x80\x05."), HasSubstr("protocol 5 and not of 2 to 4"));
    EXPECT_THAT(error_reading("\x80\x02K\x01."), HasSubstr("it holds no dictionary"));
    EXPECT_THAT(error_reading("\x80\x02}K\x01K\x02s."), HasSubstr("a key of its dictionary"));
}

TEST(Pickle, ThatIsDamagedIsAnErrorAndNoCrash) {
    for (const std::string program :
         {".", "(.", "a.", "s.", "u.", "e.", "t.", "b.", "R.", "q\x01.", "h\x01.", "}(K\x01u.",
          "](K\x01", "]N}e.", "(\x85.", "(q\x01."}) {
        EXPECT_THAT(error_reading("\x80\x02" + program), HasSubstr("data_batch_1")) << program;
    }
    const std::string text = std::string("X\x04") + std::string(3, '\0') + "abcdq\x01";
    std::string again;
    for (int i = 0; i < 1000; ++i)
        again += "c_codecs\nencode\nh\x01U\x06latin1\x86R";
    EXPECT_THAT(error_reading("\x80\x02" + text + again + "."), EndsWith("again"));
}

TEST(Pickle, CannotGrowByNamingOneValueOftenUnderOneDictionary) {
    std::vector<std::pair<std::string, std::string>> items = {{"a", pickled_string("x") + "q\x09"}};
    for (int i = 0; i < 200; ++i)
        items.emplace_back("k" + std::to_string(i), "h\x09");
    EXPECT_THAT(error_reading(pickled_dict(items)), HasSubstr("too many keys"));
}

}  // namespace
}  // namespace promptcl::io
