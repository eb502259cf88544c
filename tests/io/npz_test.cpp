#include "promptcl/io/npz.h"

#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/npy.h"

#include "tests/io/zip_bytes.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;

/// The .npy file of the float32 array [1, 2, 3].
std::string one_two_three() {
    const auto bytes = write_npy(Array::of(std::vector<float>{1, 2, 3}, {3}));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ArrayMap read(const std::string& file) {
    return read_npz(as_span(file), "x.npz");
}
std::string error_reading(const std::string& file) {
    return message_of<Error>([&] { read(file); });
}

/// `data` in one block that is not compressed, which is a deflated stream too.
ZipEntry deflated(const std::string& name, const std::string& data) {
    auto entry = stored(name, data);
    const auto size = static_cast<std::uint16_t>(data.size());
    entry.data = {'\1', static_cast<char>(size & 0xff), static_cast<char>(size >> 8),
                  static_cast<char>(~size & 0xff), static_cast<char>(~size >> 8 & 0xff)};
    entry.data += data;
    entry.method = 8;
    return entry;
}

TEST(NpzReader, NamesArraysWithoutTheSuffixOfTheirEntries) {
    const auto arrays = read(zip_bytes({stored("a/b/c.npy", one_two_three())}));
    ASSERT_THAT(arrays, ElementsAre(Key("a/b/c")));
    EXPECT_THAT(arrays.at("a/b/c").as_float(), ElementsAre(1, 2, 3));
}

TEST(NpzReader, ReadsStoredAndDeflatedEntriesWithAndWithoutZip64AndDataDescriptors) {
    for (const bool force_zip64 : {false, true}) {
        for (const bool streamed : {false, true}) {
            for (auto entry :
                 {stored("a.npy", one_two_three()), deflated("a.npy", one_two_three())}) {
                if (entry.method == 0 && streamed) continue;  // would need no compressed size
                entry.force_zip64 = force_zip64;
                entry.streamed = streamed;
                const auto file = zip_bytes({entry, deflated("b.npy", one_two_three())});
                EXPECT_THAT(read(file).at("a").as_float(), ElementsAre(1, 2, 3))
                    << "zip64 " << force_zip64 << " streamed " << streamed;
            }
        }
    }
}

TEST(NpzReader, LeavesOutEntriesThatAreNoArrays) {
    const auto file = zip_bytes({stored("readme.txt", "hello"), stored("a.npy", one_two_three())});
    EXPECT_THAT(read(file), ElementsAre(Key("a")));
}

TEST(NpzReader, NamesTheArrayThatIsTruncated) {
    const auto npy = one_two_three();
    EXPECT_EQ(error_reading(zip_bytes({stored("a/b.npy", npy.substr(0, npy.size() - 4))})),
              "cannot read array a/b of x.npz: float32 of shape [3] needs 12 bytes of data and 8 "
              "are there; copy or download the file again");
    EXPECT_THAT(error_reading(zip_bytes({stored("a.npy", npy.substr(0, 30))})),
                HasSubstr("array a of x.npz: its .npy header is truncated"));
    EXPECT_THAT(error_reading(zip_bytes({stored("a.npy", "")})),
                HasSubstr("array a of x.npz: it is not a .npy array"));
}

TEST(NpzReader, NamesTheArrayWhoseStreamEndsEarly) {
    auto entry = deflated("a.npy", one_two_three());
    entry.data = deflated("a.npy", one_two_three().substr(0, 132)).data;
    EXPECT_THAT(error_reading(zip_bytes({entry})), HasSubstr("array a of x.npz"));
}

TEST(NpzReader, NamesTheArrayWhoseChecksumIsWrong) {
    auto entry = stored("a.npy", one_two_three());
    entry.data.back() = '\x7f';
    EXPECT_THAT(error_reading(zip_bytes({entry})), HasSubstr("array a of x.npz"));
}

TEST(NpzReader, RefusesAnEntryThatAnnouncesMoreThanTheArchiveCanHold) {
    auto entry = deflated("a.npy", one_two_three());
    entry.size = 3'000'000'000;
    EXPECT_THAT(error_reading(zip_bytes({entry})),
                HasSubstr("its entry a.npy announces 3000000000 bytes"));
}

TEST(NpzReader, RefusesAHeaderThatAnnouncesMoreThanItsEntryHolds) {
    const std::string npy = format_npy_header({"float64", {std::int64_t{1} << 40}}) + "12345678";
    EXPECT_THAT(error_reading(zip_bytes({stored("a.npy", npy)})),
                HasSubstr("needs 8796093022208 bytes of data and 8 are there"));
}

TEST(NpzReader, SaysWhenTheFileIsNoZip) {
    EXPECT_THAT(error_reading("this is no archive, whatever its name says"),
                HasSubstr("cannot read x.npz: it is not a zip archive or is truncated"));
    EXPECT_THAT(error_reading(""), HasSubstr("x.npz"));
    const auto whole = zip_bytes({stored("a.npy", one_two_three())});
    EXPECT_THAT(error_reading(whole.substr(0, whole.size() / 2)), HasSubstr("is truncated"));
}

TEST(NpzReader, SaysWhenTheArchiveHoldsNoArray) {
    EXPECT_THAT(error_reading(zip_bytes({stored("readme.txt", "hello")})),
                HasSubstr("it holds no .npy array"));
}

TEST(NpzReader, RefusesTwoArraysOfOneName) {
    EXPECT_THAT(error_reading(zip_bytes(
                    {stored("a.npy", one_two_three()), stored("a.npy", one_two_three())})),
                HasSubstr("array a is there twice"));
}

TEST(NpzReader, SaysThatTheFileIsMissing) {
    EXPECT_EQ(message_of<Error>([] { read_npz("/no/such/file.npz"); }),
              "cannot read /no/such/file.npz: no such file; check the path");
    EXPECT_THAT(message_of<Error>([] { read_npz("/"); }), HasSubstr("it is a folder"));
}

TEST(NpzLister, ReadsTheHeadersAlone) {
    auto entry = stored("a.npy", one_two_three());
    entry.data.back() = '\x7f';  // not noticed, because data are not read
    const auto file = zip_bytes({entry, deflated("b/c.npy", one_two_three())});
    EXPECT_EQ(list_npz(as_span(file), "x.npz"),
              (ArrayInfoMap{{"a", {"float32", {3}}}, {"b/c", {"float32", {3}}}}));
}

TEST(NpzWriter, WritesWhatTheReaderReads) {
    const TemporaryFolder folder;
    const ArrayMap arrays{{"head/kernel", Array::of(std::vector<float>{1, 2, 3, 4}, {2, 2})},
                          {"empty", Array::of(std::vector<float>{}, {0, 5})},
                          {"half", {"float16", {1}, {std::byte{0}, std::byte{0x3c}}}},
                          {"label", Array::of(std::vector<std::int64_t>{3}, {})}};
    write_npz(folder / "x.npz", arrays);
    EXPECT_EQ(read_npz(folder / "x.npz"), arrays);
    EXPECT_EQ(list_npz(folder / "x.npz").at("empty"), (ArrayInfo{"float32", {0, 5}}));
    EXPECT_THAT(folder.names(), ElementsAre("x.npz"));
}

TEST(NpzWriter, GivesTheSameBytesForTheSameArraysInEveryTimeZone) {
    const TemporaryFolder folder;
    const ArrayMap arrays{{"a", Array::of(std::vector<float>{1, 2, 3}, {3})}};
    write_npz(folder / "x.npz", arrays);
    ::setenv("TZ", "Asia/Tokyo", 1);
    ::tzset();
    write_npz(folder / "y.npz", arrays);
    ::unsetenv("TZ");
    ::tzset();
    EXPECT_EQ(read_file(folder / "x.npz"), read_file(folder / "y.npz"));
}

TEST(NpzWriter, SaysThatTheFolderIsMissing) {
    EXPECT_THAT(message_of<Error>([] { write_npz("/no/such/folder/x.npz", {}); }),
                HasSubstr("cannot write /no/such/folder/x.npz: its folder does not exist"));
}

TEST(NpzReader, ReadsTheSharedWeights) {
    const std::filesystem::path path = PROMPTCL_SOURCE_DIR "/../shared/weights/ViT-Ti_16_f16.npz";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
    const auto headers = list_npz(path);
    const auto arrays = read_npz(path);
    ASSERT_EQ(arrays.size(), headers.size());
    for (const auto& [name, array] : arrays) {
        EXPECT_EQ(headers.at(name), (ArrayInfo{array.dtype, array.shape})) << name;
    }
    EXPECT_EQ(headers.at("embedding/kernel"), (ArrayInfo{"float16", {16, 16, 3, 192}}));
}

TEST(NpzReader, ReadsTheSharedGoldenFiles) {
    const std::filesystem::path folder = PROMPTCL_SOURCE_DIR "/../shared/golden";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".npz") continue;
        const auto arrays = read_npz(entry.path());
        EXPECT_FALSE(arrays.empty()) << entry.path();
        for (const auto& [name, array] : arrays) {
            EXPECT_EQ(array.as_float().size(), static_cast<std::size_t>(array.size())) << name;
        }
    }
}

}  // namespace
}  // namespace promptcl::io
