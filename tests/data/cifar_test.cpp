#include "promptcl/data/datasets/cifar.h"

#include "promptcl/core/error.h"

#include "tests/io/pickle_bytes.h"
#include "tests/io/tar_bytes.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kPlane = 32 * 32;

/// Every pixel red, green and blue as given, but for the first pixel of the second row: all 255.
std::string planes(int red, int green, int blue) {
    std::string bytes;
    for (const int value : {red, green, blue}) {
        std::string plane(kPlane, static_cast<char>(value));
        plane[32] = '\xff';
        bytes += plane;
    }
    return bytes;
}

std::string record(int coarse, int fine, int red, int green, int blue) {
    return std::string{static_cast<char>(coarse), static_cast<char>(fine)} +
           planes(red, green, blue);
}

config::Config config_for(const std::filesystem::path& folder) {
    config::Config config;
    config.data_dir = folder.string();
    return config;
}

std::string message_of(const config::Config& config) {
    return promptcl::message_of<Error>([&] { open_cifar100(config); });
}

TEST(Cifar100, TakesTheFineLabelAndTurnsPlanesIntoPixels) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(3, 17, 10, 20, 30) + record(4, 99, 40, 50, 60));
    folder.write("test.bin", record(5, 0, 70, 80, 90));
    const auto source = open_cifar100(config_for(folder.path()));
    ASSERT_EQ(source.train->size(), 2);
    ASSERT_EQ(source.test->size(), 1);
    EXPECT_EQ(source.train->label(0), 17);
    EXPECT_EQ(source.train->label(1), 99);
    EXPECT_EQ(source.test->label(0), 0);
    const auto image = source.train->image(1);
    EXPECT_EQ(image.height, 32);
    EXPECT_EQ(image.width, 32);
    EXPECT_THAT(image.rgb.first(3), ElementsAre(40, 50, 60));
    EXPECT_EQ(image.row(1)[0], 255);
    EXPECT_THAT(image.rgb.last(3), ElementsAre(40, 50, 60));
}

TEST(Cifar100, IsFoundInTheFolderTheArchiveUnpacksTo) {
    const TemporaryFolder folder;
    folder.write("cifar-100-binary/train.bin", record(0, 1, 1, 2, 3));
    folder.write("cifar-100-binary/test.bin", record(0, 1, 1, 2, 3));
    EXPECT_EQ(open_cifar100(config_for(folder.path())).train->size(), 1);
}

TEST(Cifar100, NamesItsClassesFromTheFileOrByNumber) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0, 1, 1, 2, 3));
    folder.write("test.bin", record(0, 1, 1, 2, 3));
    EXPECT_EQ(open_cifar100(config_for(folder.path())).class_names.at(17), "class_17");
    std::string names;
    for (int label = 0; label < 100; ++label)
        names += "name" + std::to_string(label) + "\r\n";
    folder.write("fine_label_names.txt", names + "\n");
    const auto source = open_cifar100(config_for(folder.path()));
    EXPECT_EQ(source.class_names.size(), 100u);
    EXPECT_EQ(source.class_names.at(17), "name17");
    folder.write("fine_label_names.txt", "apple\n");
    EXPECT_THAT(message_of(config_for(folder.path())), HasSubstr("names 1 classes instead of 100"));
}

TEST(Cifar100, HasAHashOfItsContents) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0, 1, 1, 2, 3));
    folder.write("test.bin", record(0, 1, 1, 2, 3));
    const auto before = open_cifar100(config_for(folder.path())).sha256;
    EXPECT_EQ(before.size(), 64u);
    EXPECT_EQ(open_cifar100(config_for(folder.path())).sha256, before);
    folder.write("test.bin", record(0, 2, 1, 2, 3));
    EXPECT_NE(open_cifar100(config_for(folder.path())).sha256, before);
}

TEST(Cifar100, NamesTheFileThatIsMissingEmptyOrCutOff) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of(config::Config{}), HasSubstr("data_dir"));
    folder.write("train.bin", record(0, 1, 1, 2, 3));
    EXPECT_THAT(message_of(config_for(folder.path())), HasSubstr("test.bin"));
    folder.write("test.bin", "");
    EXPECT_THAT(message_of(config_for(folder.path())), HasSubstr("test.bin is empty"));
    folder.write("test.bin", record(0, 1, 1, 2, 3).substr(0, 3000));
    EXPECT_THAT(message_of(config_for(folder.path())),
                AllOf(HasSubstr("test.bin has 3000 bytes"), HasSubstr("3074")));
}

TEST(Cifar100, NamesTheRecordWhoseLabelIsOutOfRange) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0, 99, 1, 2, 3) + record(0, 100, 1, 2, 3));
    folder.write("test.bin", record(0, 1, 1, 2, 3));
    EXPECT_THAT(message_of(config_for(folder.path())),
                AllOf(HasSubstr("record 1"), HasSubstr("train.bin"), HasSubstr("label 100")));
}

TEST(Cifar100, SaysWhatToPutIntoAFolderThatHoldsNone) {
    const TemporaryFolder folder;
    EXPECT_EQ(message_of(config_for(folder.path())),
              folder.string() +
                  " holds no CIFAR-100; put cifar-100-binary.tar.gz or cifar-100-python.tar.gz "
                  "there, packed or unpacked, and set data_dir to it");
}

/// Files by their names, as one version of a data set consists of them.
using Files = std::vector<io::TarEntry>;

std::string hundred_names(const std::string& between) {
    std::string names;
    for (int label = 0; label < 100; ++label)
        names += "name" + std::to_string(label) + between;
    return names;
}

/// Two training images of class 3 and 4 and one test image of class 5.
Files cifar100_binary() {
    return {{"train.bin", record(0, 3, 1, 2, 3) + record(0, 4, 4, 5, 6)},
            {"test.bin", record(0, 5, 7, 8, 9)},
            {"fine_label_names.txt", hundred_names("\n")}};
}

Files cifar100_python() {
    const auto images = [](int count, const std::string& data, std::vector<std::int64_t> fine) {
        const std::vector<std::int64_t> coarse(fine.size(), 0);
        return io::pickled_dict({{"filenames", io::pickled_strings({"a.png"})},
                                 {"batch_label", io::pickled_string("training batch 1 of 1")},
                                 {"fine_labels", io::pickled_ints(fine)},
                                 {"coarse_labels", io::pickled_ints(coarse)},
                                 {"data", io::pickled_array(count, 3 * kPlane, data)}});
    };
    std::vector<std::string> names;
    for (int label = 0; label < 100; ++label)
        names.push_back("name" + std::to_string(label));
    return {{"meta", io::pickled_dict({{"fine_label_names", io::pickled_strings(names)},
                                       {"coarse_label_names", io::pickled_strings({"fish"})}})},
            {"test", images(1, planes(7, 8, 9), {5})},
            {"train", images(2, planes(1, 2, 3) + planes(4, 5, 6), {3, 4})}};
}

/// Batch n of CIFAR-10 holds one image of class n; the test batch is number 6.
std::string cifar10_record(int number) {
    return static_cast<char>(number) + planes(number, 0, 0);
}

Files cifar10_binary() {
    Files files = {{"batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n"},
                   {"test_batch.bin", cifar10_record(6)}};
    for (const int number : {4, 1, 5, 2, 3})  // no archive promises an order
        files.push_back({"data_batch_" + std::to_string(number) + ".bin", cifar10_record(number)});
    return files;
}

Files cifar10_python() {
    const auto batch = [](int number) {
        return io::pickled_dict({{"data", io::pickled_array(1, 3 * kPlane, planes(number, 0, 0))},
                                 {"labels", io::pickled_ints({number})}});
    };
    Files files = {
        {"batches.meta",
         io::pickled_dict({{"num_cases_per_batch", io::pickled_int(10000)},
                           {"label_names", io::pickled_strings(
                                               {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})},
                           {"num_vis", io::pickled_int(3 * kPlane)}})},
        {"test_batch", batch(6)}};
    for (const int number : {4, 1, 5, 2, 3})
        files.push_back({"data_batch_" + std::to_string(number), batch(number)});
    return files;
}

struct Distributed {
    std::string archive, folder;
    Files files;
    DataSource (*open)(const config::Config&);
};

const std::vector<Distributed>& distributions() {
    static const std::vector<Distributed> all = {
        {"cifar-10-binary.tar.gz", "cifar-10-batches-bin", cifar10_binary(), open_cifar10},
        {"cifar-10-python.tar.gz", "cifar-10-batches-py", cifar10_python(), open_cifar10},
        {"cifar-100-binary.tar.gz", "cifar-100-binary", cifar100_binary(), open_cifar100},
        {"cifar-100-python.tar.gz", "cifar-100-python", cifar100_python(), open_cifar100}};
    return all;
}

/// What every distribution of one data set gives.
std::string summary(const DataSource& source) {
    std::string text = source.class_names[3] + " " + source.sha256;
    for (const auto* split : {source.train.get(), source.test.get()}) {
        for (std::int64_t i = 0; i < split->size(); ++i)
            text += " " + std::to_string(split->label(i));
    }
    return text;
}

TEST(Cifar, GivesTheSameFromTheArchiveTheFolderAndTheFolderAboveAndInBothVersions) {
    std::vector<std::string> summaries;
    for (const auto& distributed : distributions()) {
        const TemporaryFolder folder;
        Files inside;
        for (const auto& file : distributed.files) {
            folder.write("above/" + distributed.folder + "/" + file.name, file.data);
            inside.push_back({distributed.folder + "/" + file.name, file.data});
        }
        folder.write("packed/" + distributed.archive, io::gzip_bytes(io::tar_bytes(inside)));
        const auto of = [&](const std::filesystem::path& data_dir) {
            return summary(distributed.open(config_for(data_dir)));
        };
        summaries.push_back(of(folder / "packed"));
        EXPECT_EQ(of(folder / "above"), summaries.back());
        EXPECT_EQ(of(folder / "above" / distributed.folder), summaries.back());
    }
    EXPECT_EQ(summaries[0], summaries[1]);
    EXPECT_EQ(summaries[2], summaries[3]);
    EXPECT_THAT(summaries[0], testing::EndsWith(" 1 2 3 4 5 6"));
    EXPECT_THAT(summaries[2], AllOf(HasSubstr("name3"), testing::EndsWith(" 3 4 5")));
}

TEST(Cifar, SaysFromWhichFileAndRecordAnImageComes) {
    const TemporaryFolder folder;
    for (const auto& file : cifar10_binary())
        folder.write(file.name, file.data);
    folder.write("data_batch_2.bin", cifar10_record(2) + cifar10_record(2));
    const auto source = open_cifar10(config_for(folder.path()));
    EXPECT_EQ(source.train->origin(0), "data_batch_1.bin:0");
    EXPECT_EQ(source.train->origin(2), "data_batch_2.bin:1");
    EXPECT_EQ(source.train->origin(3), "data_batch_3.bin:0");
    EXPECT_EQ(source.test->origin(0), "test_batch.bin:0");
}

TEST(Cifar10, NamesTheBatchThatIsMissing) {
    const TemporaryFolder folder;
    for (const auto& file : cifar10_binary())
        folder.write(file.name, file.data);
    std::filesystem::remove(folder / "data_batch_4.bin");
    EXPECT_THAT(promptcl::message_of<Error>([&] { open_cifar10(config_for(folder.path())); }),
                HasSubstr("data_batch_4.bin: no such file"));
}

TEST(Cifar10, NamesTheFileThatAnArchiveLacksOrThatIsBrokenInIt) {
    const TemporaryFolder folder;
    const auto error = [&](const Files& files) {
        Files inside;
        for (const auto& file : files)
            inside.push_back({"cifar-10-batches-py/" + file.name, file.data});
        folder.write("cifar-10-python.tar.gz", io::gzip_bytes(io::tar_bytes(inside)));
        return promptcl::message_of<Error>([&] { open_cifar10(config_for(folder.path())); });
    };
    auto files = cifar10_python();
    files.pop_back();
    EXPECT_THAT(error(files), HasSubstr("python.tar.gz lacks cifar-10-batches-py/data_batch_3"));
    files.push_back({"data_batch_3",
                     "\x80\x02}U\x04"
                     "datacos\nsystem\n."});
    EXPECT_THAT(error(files), AllOf(HasSubstr("cifar-10-batches-py/data_batch_3"),
                                    HasSubstr("it asks for os.system")));
    files.back().data = io::pickled_dict({{"labels", io::pickled_ints({1})}});
    EXPECT_THAT(error(files), HasSubstr("data_batch_3 holds no \"data\""));
    files.back().data = io::pickled_dict(
        {{"labels", io::pickled_ints({1, 2})}, {"data", io::pickled_array(1, 3, "abc")}});
    EXPECT_THAT(error(files),
                HasSubstr("holds 2 labels and data of shape [1, 3], not of [2, 3072]"));
    files.back().data = io::pickled_dict({{"labels", io::pickled_ints({10})},
                                          {"data", io::pickled_array(1, 3072, planes(1, 2, 3))}});
    EXPECT_THAT(error(files), HasSubstr("data_batch_3 has the label 10, but classes are 0 to 9"));
}

TEST(Cifar100, ReadsThePublishedFiles) {
    const std::filesystem::path folder = PROMPTCL_SOURCE_DIR "/../shared/data/cifar100-small";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << folder << " is absent: CIFAR-100 as published is NOT tested";
    const auto source = open_cifar100(config_for(folder));
    EXPECT_EQ(source.train->size(), 5000);
    EXPECT_EQ(source.test->size(), 1000);
    EXPECT_EQ(source.class_names.at(0), "apple");
    EXPECT_EQ(source.class_names.at(99), "worm");
    std::array<int, 100> train{}, test{};
    for (std::int64_t i = 0; i < 5000; ++i)
        ++train.at(static_cast<std::size_t>(source.train->label(i)));
    for (std::int64_t i = 0; i < 1000; ++i)
        ++test.at(static_cast<std::size_t>(source.test->label(i)));
    EXPECT_THAT(train, testing::Each(50));
    EXPECT_THAT(test, testing::Each(10));
}

}  // namespace
}  // namespace promptcl::data
