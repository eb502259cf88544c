#include "promptcl/data/datasets/svhn.h"

#include "promptcl/core/error.h"

#include "tests/io/mat_bytes.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kPlane = 32 * 32;

/// An image in MATLAB's order: black, but red (9) at row 0 and column 1, green (8) at row 1 and
/// column 0.
std::string image() {
    std::string columns(3 * kPlane, '\0');
    columns[32] = 9;
    columns[kPlane + 1] = 8;
    return columns;
}

std::string split(const std::string& labels, bool compressed = true) {
    const auto count = static_cast<std::int32_t>(labels.size());
    std::string pixels;
    for (int i = 0; i < count; ++i)
        pixels += image();
    const auto x = io::mat_bytes_variable("X", {32, 32, 3, count}, pixels);
    const auto y = io::mat_double_variable("y", {count, 1}, labels);
    return compressed ? io::mat_file({io::mat_compressed(x), io::mat_compressed(y)})
                      : io::mat_file({x, y});
}

DataSource open(const TemporaryFolder& folder) {
    config::Config config;
    config.data_dir = folder.string();
    return open_svhn_cropped(config);
}

TEST(Svhn, TurnsMatlabsOrderIntoRowsOfPixelsAndTheLabelTenIntoTheDigitZero) {
    const TemporaryFolder folder;
    folder.write("train_32x32.mat", split("\x0a\x01\x09"));
    folder.write("test_32x32.mat", split("\x05"));
    const auto source = open(folder);
    ASSERT_EQ(source.train->size(), 3);
    EXPECT_EQ(source.train->label(0), 0);
    EXPECT_EQ(source.train->label(1), 1);
    EXPECT_EQ(source.train->label(2), 9);
    EXPECT_EQ(source.test->label(0), 5);
    const auto picture = source.train->image(2);
    EXPECT_THAT(picture.rgb.first(6), ElementsAre(0, 0, 0, 9, 0, 0));
    EXPECT_EQ(picture.row(1)[1], 8);
    EXPECT_EQ(source.class_names.at(5), "5");
    EXPECT_EQ(source.train->origin(2), "train_32x32.mat:2");
}

TEST(Svhn, IsTheSameCompressedOrNot) {
    const TemporaryFolder compressed, plain;
    for (const std::string name : {"train_32x32.mat", "test_32x32.mat"}) {
        compressed.write(name, split("\x0a\x01"));
        plain.write(name, split("\x0a\x01", false));
    }
    EXPECT_EQ(open(compressed).sha256, open(plain).sha256);
}

TEST(Svhn, NamesTheFileThatIsMissingOrBroken) {
    const TemporaryFolder folder;
    const auto error = [&] { return message_of<Error>([&] { open(folder); }); };
    EXPECT_THAT(error(), HasSubstr("train_32x32.mat: no such file"));
    folder.write("train_32x32.mat", split("\x0a\x01"));
    const std::string labels = io::mat_bytes_variable("y", {1, 1}, "\x01");
    const auto with = [&](const std::string& x) {
        folder.write("test_32x32.mat", io::mat_file({x, labels}));
        return error();
    };
    EXPECT_THAT(with(io::mat_bytes_variable("X", {32, 32, 3, 2}, image() + image())),
                AllOf(HasSubstr("test_32x32.mat holds 1 labels"), HasSubstr("[2, 3, 32, 32]"),
                      HasSubstr("[1, 3, 32, 32]")));
    EXPECT_THAT(with(io::mat_double_variable("X", {32, 32, 3, 1}, image())), HasSubstr("float64"));
    EXPECT_THAT(with(labels), HasSubstr("cannot read X of"));
}

TEST(Svhn, NamesTheRecordWhoseLabelIsOutOfRange) {
    const TemporaryFolder folder;
    folder.write("train_32x32.mat", split("\x01\x0b"));
    EXPECT_THAT(message_of<Error>([&] { open(folder); }),
                AllOf(HasSubstr("record 1"), HasSubstr("train_32x32.mat"),
                      HasSubstr("label 11, but labels are 1 to 10")));
    folder.write("train_32x32.mat", split(std::string(1, '\0')));
    EXPECT_THAT(message_of<Error>([&] { open(folder); }), HasSubstr("label 0"));
}

}  // namespace
}  // namespace promptcl::data
