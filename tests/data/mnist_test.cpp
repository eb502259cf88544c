#include "promptcl/data/datasets/mnist.h"

#include "promptcl/core/error.h"

#include "tests/io/idx_bytes.h"
#include "tests/io/tar_bytes.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace promptcl::data {
namespace {

using io::idx_bytes;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// Two training images and one test image of 2 x 3 pixels; each file packed by `pack` and renamed
/// by `rename`.
template <class Rename, class Pack>
void write_set(const TemporaryFolder& folder, Rename rename, Pack pack) {
    folder.write(rename("train-images-idx3-ubyte"), pack(idx_bytes({2, 2, 3}, "abcdefghijkl")));
    folder.write(rename("train-labels-idx1-ubyte"), pack(idx_bytes({2}, "\x07\x09")));
    folder.write(rename("t10k-images-idx3-ubyte"), pack(idx_bytes({1, 2, 3}, "mnopqr")));
    folder.write(rename("t10k-labels-idx1-ubyte"), pack(idx_bytes({1}, "\x01")));
}
void write_set(const TemporaryFolder& folder) {
    const auto same = [](const std::string& text) { return text; };
    write_set(folder, same, same);
}

DataSource open(const TemporaryFolder& folder) {
    config::Config config;
    config.data_dir = folder.string();
    return open_mnist(config);
}
std::string error_opening(const TemporaryFolder& folder) {
    return message_of<Error>([&] { open(folder); });
}

TEST(Mnist, TurnsGreyIntoRgb) {
    const TemporaryFolder folder;
    write_set(folder);
    const auto source = open(folder);
    ASSERT_EQ(source.train->size(), 2);
    ASSERT_EQ(source.test->size(), 1);
    EXPECT_EQ(source.train->label(0), 7);
    EXPECT_EQ(source.train->label(1), 9);
    EXPECT_EQ(source.test->label(0), 1);
    const auto image = source.train->image(1);
    EXPECT_EQ(image.height, 2);
    EXPECT_EQ(image.width, 3);
    EXPECT_THAT(image.rgb.first(6), ElementsAre('g', 'g', 'g', 'h', 'h', 'h'));
    EXPECT_EQ(image.row(1)[0], 'j');
    EXPECT_EQ(source.train->origin(1), "train-images-idx3-ubyte:1");
    EXPECT_EQ(source.class_names.at(7), "7");
}

TEST(Mnist, IsTheSameHoweverItsFilesArePackedNamedAndKept) {
    const TemporaryFolder plain, packed, dotted, torchvision;
    write_set(plain);
    write_set(
        packed, [](const std::string& name) { return name + ".gz"; }, io::gzip_bytes);
    write_set(
        dotted, [](std::string name) { return name.replace(name.find("-idx"), 1, ".") + ".gz"; },
        io::gzip_bytes);
    write_set(
        torchvision, [](const std::string& name) { return "MNIST/raw/" + name; },
        [](const std::string& contents) { return contents; });
    const auto expected = open(plain);
    for (const auto* folder : {&packed, &dotted, &torchvision}) {
        const auto source = open(*folder);
        EXPECT_EQ(source.sha256, expected.sha256);
        EXPECT_EQ(source.train->origin(1), expected.train->origin(1));
    }
}

TEST(Mnist, LendsItsFilesToOtherDataSetsWithOtherClasses) {
    const TemporaryFolder folder;
    write_set(folder);
    config::Config config;
    config.data_dir = folder.string();
    EXPECT_EQ(open_fashion_mnist(config).class_names.at(9), "Ankle boot");
    EXPECT_EQ(open_kmnist(config).class_names.at(9), "wo");
    EXPECT_EQ(open_not_mnist_idx(config).class_names.at(9), "J");
}

TEST(Mnist, NamesTheFileThatIsMissing) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of<UsageError>([] { open_mnist({}); }), HasSubstr("data_dir is not set"));
    EXPECT_THAT(error_opening(folder), HasSubstr((folder / "train-images-idx3-ubyte").string() +
                                                 " or train-images-idx3-ubyte.gz"));
    write_set(folder);
    std::filesystem::remove(folder / "t10k-labels-idx1-ubyte");
    EXPECT_THAT(error_opening(folder), HasSubstr("t10k-labels-idx1-ubyte"));
}

TEST(Mnist, NamesTheFileThatIsBroken) {
    const TemporaryFolder folder;
    write_set(folder);
    const auto error = [&](const std::string& contents) {
        folder.write("t10k-images-idx3-ubyte", contents);
        return error_opening(folder);
    };
    EXPECT_THAT(error(io::gzip_bytes(idx_bytes({1, 2, 3}, "mnopqr")).substr(0, 30)),
                HasSubstr("t10k-images-idx3-ubyte is cut off"));
    EXPECT_THAT(error(idx_bytes({1, 2, 3}, "mnop")), HasSubstr("holds 4 elements"));
    EXPECT_THAT(error(idx_bytes({1}, "m")), HasSubstr("has 1 dimensions instead of 3"));
    EXPECT_THAT(error(idx_bytes({2, 1, 3}, "mnopqr")),
                AllOf(HasSubstr("t10k-images-idx3-ubyte is of shape [2, 1, 3]"),
                      HasSubstr("t10k-labels-idx1-ubyte holds 1 labels")));
    EXPECT_THAT(error(idx_bytes({0, 28, 28}, "")),
                HasSubstr("t10k-images-idx3-ubyte holds no image"));
}

TEST(Mnist, NamesTheRecordWhoseLabelIsOutOfRange) {
    const TemporaryFolder folder;
    write_set(folder);
    folder.write("train-labels-idx1-ubyte", idx_bytes({2}, "\x09\x0a"));
    EXPECT_THAT(error_opening(folder),
                AllOf(HasSubstr("record 1"), HasSubstr("train-labels-idx1-ubyte"),
                      HasSubstr("label 10, but classes are 0 to 9")));
}

}  // namespace
}  // namespace promptcl::data
