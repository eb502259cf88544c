#include "promptcl/data/feature_cache.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include "tests/io/limits.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <numeric>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::int64_t kWidth = 5;
constexpr FeatureShape kShape{.images = 40, .width = kWidth};
constexpr std::size_t kHeader = 96, kRow = 16 + 4 * kWidth;

/// What the network would say of these images: a number of its own in every place.
std::vector<float> features_of(std::span<const std::int64_t> images) {
    std::vector<float> rows;
    for (const auto image : images) {
        for (std::int64_t d = 0; d < kWidth; ++d)
            rows.push_back(static_cast<float>(100 * image + d) + 0.25f);
    }
    return rows;
}

std::vector<std::int64_t> from_to(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> images(static_cast<std::size_t>(last - first));
    std::iota(images.begin(), images.end(), first);
    return images;
}

class Features : public testing::Test {
  protected:
    FeatureCache open(std::string_view identity = "a backbone", FeatureShape shape = kShape) const {
        return FeatureCache(folder_ / "cache", "cifar100-test", identity, shape);
    }
    static void compute(FeatureCache& cache, const std::vector<std::int64_t>& images) {
        cache.keep(Company(images), features_of(images));
    }
    static bool holds(const FeatureCache& cache, const std::vector<std::int64_t>& images) {
        const auto found = cache.find(Company(images));
        EXPECT_TRUE(found.empty() || found == features_of(images)) << "rows of other images";
        return !found.empty();
    }
    fs::path file() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(folder_ / "cache"))
            found.push_back(entry.path());
        EXPECT_EQ(found.size(), 1u);
        return found.at(0);
    }
    void flip_byte(std::size_t place) const {
        std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(place));
        const int byte = stream.get();
        stream.seekp(static_cast<std::streamoff>(place));
        stream.put(static_cast<char>(byte ^ 1));
    }

    TemporaryFolder folder_;
};

TEST_F(Features, AreThereForThisRunAndForLaterOnes) {
    {
        auto cache = open();
        EXPECT_FALSE(holds(cache, {7, 3, 39}));
        compute(cache, {7, 3, 39});
        EXPECT_TRUE(holds(cache, {7, 3, 39}));
    }
    EXPECT_TRUE(holds(open(), {7, 3, 39}));
}

TEST_F(Features, AreInMemoryWithoutAFolder) {
    FeatureCache cache(kShape);
    EXPECT_FALSE(holds(cache, {0, 1}));
    compute(cache, {0, 1});
    EXPECT_TRUE(holds(cache, {0, 1}));
}

TEST_F(Features, OfOneImageAreReadAlone) {
    auto cache = open();
    const auto images = from_to(4, 8);
    compute(cache, images);
    std::vector<float> row(kWidth);
    EXPECT_TRUE(cache.read(6, Company(images), row));
    EXPECT_EQ(row, features_of(std::vector<std::int64_t>{6}));
    EXPECT_FALSE(cache.read(8, Company(images), row));
}

TEST_F(Features, BelongToTheBatchInWhichTheyWereComputed) {
    auto cache = open();
    compute(cache, {1, 2, 3, 4});
    EXPECT_FALSE(holds(cache, {1, 2}));
    EXPECT_FALSE(holds(cache, {4, 3, 2, 1}));
    compute(cache, {1, 2});
    EXPECT_TRUE(holds(cache, {1, 2}));
    EXPECT_FALSE(holds(cache, {1, 2, 3, 4}));  // all of it is computed anew
}

TEST_F(Features, BelongToTheAugmentation) {
    auto cache = open();
    const auto images = from_to(0, 3);
    cache.keep(Company(images, 9), features_of(images));
    EXPECT_FALSE(cache.find(Company(images, 9)).empty());
    EXPECT_TRUE(cache.find(Company(images)).empty());
    EXPECT_TRUE(cache.find(Company(images, 8)).empty());
}

TEST_F(Features, OfABatchAreMissingWhereverOneByteIsWrong) {
    auto cache = open();
    const auto images = from_to(0, 40);
    compute(cache, images);
    for (std::size_t place = kHeader; place < kHeader + 40 * kRow; place += 7) {
        flip_byte(place);
        EXPECT_FALSE(holds(cache, images)) << place;
        flip_byte(place);
        EXPECT_TRUE(holds(cache, images)) << place;
    }
}

TEST_F(Features, OfOtherIdentitiesLieInOtherFiles) {
    auto cache = open();
    compute(cache, {1, 2});
    EXPECT_FALSE(holds(open("another backbone"), {1, 2}));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "cache"), {}), 2);
    EXPECT_TRUE(holds(open(), {1, 2}));
}

TEST_F(Features, AreComputedAnewWhereTheFileIsCutOffOrAnothers) {
    const auto whole = [&] {
        auto cache = open();
        compute(cache, {1, 2});
        return io::read_file(file());
    }();
    auto other = whole;
    other[30] ^= 1;  // of the number of images
    auto foreign = whole;
    foreign[40] ^= 1;  // of the identity
    for (const auto& contents :
         {std::string(), whole.substr(0, 50), whole.substr(0, whole.size() - 1), whole + "x", other,
          foreign, std::string(whole.size(), 'x')}) {
        const auto path = file();
        fs::remove(path);
        folder_.write("cache/" + path.filename().string(), contents);
        auto cache = open();
        EXPECT_FALSE(holds(cache, {1, 2}));
        compute(cache, {1, 2});
        EXPECT_TRUE(holds(open(), {1, 2}));
    }
}

TEST_F(Features, StayReadableWhenTheirFileIsRemovedOrReplaced) {
    auto cache = open();
    compute(cache, {1, 2});
    fs::remove(file());
    EXPECT_TRUE(holds(cache, {1, 2}));
    EXPECT_FALSE(holds(open(), {1, 2}));
    compute(cache, {3, 4});
    EXPECT_TRUE(holds(cache, {3, 4}));
}

TEST_F(Features, TakeTheRoomOfWhatWasComputed) {
    auto cache = open("large", {.images = 1'000'000, .width = kWidth});
    compute(cache, {999'000});
    struct stat status {};
    ASSERT_EQ(::stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_size, static_cast<off_t>(kHeader + 1'000'000 * kRow));
    EXPECT_LT(status.st_blocks * 512, 100'000);
}

TEST_F(Features, MadeByManyAtOnceLieInOneFile) {
    constexpr int kMany = 6;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kMany; ++i) {
            threads.emplace_back([&, i] {
                auto cache = open();
                compute(cache, {i});
            });
        }
    }
    const auto cache = open();
    for (int i = 0; i < kMany; ++i)
        EXPECT_TRUE(holds(cache, {i}));
    file();  // the only one
}

/// Writes batches at random, in two groupings that overwrite each other's rows, until it is killed.
[[noreturn]] void write_for_ever(FeatureCache cache, std::uint64_t seed) {
    Rng rng(seed);
    for (;;) {
        const std::int64_t size = rng.uniform() < 0.5 ? 8 : 10;
        const std::int64_t first = size * rng.below(kShape.images / size);
        const auto images = from_to(first, first + size);
        cache.keep(Company(images), features_of(images));
    }
}

TEST_F(Features, AreNeverWrongBesideProcessesThatWriteAndAreKilled) {
    const auto cache = open();
    int found = 0;
    for (int round = 0; round < 8; ++round) {
        std::vector<pid_t> writers;
        for (std::uint64_t i = 0; i < 3; ++i) {
            const pid_t writer = ::fork();
            if (writer == 0) write_for_ever(open(), 10 * static_cast<std::uint64_t>(round) + i);
            writers.push_back(writer);
        }
        for (int look = 0; look < 2000; ++look) {
            const std::int64_t size = look % 2 == 0 ? 8 : 10, first = size * (look % 4);
            found += holds(cache, from_to(first, first + size)) ? 1 : 0;  // and compares them
        }
        for (const pid_t writer : writers) {
            ::kill(writer, SIGKILL);
            ::waitpid(writer, nullptr, 0);
        }
    }
    EXPECT_GT(found, 0);
    for (std::int64_t first = 0; first < kShape.images; first += 8)
        holds(cache, from_to(first, first + 8));
}

TEST_F(Features, SayWhenTheirFolderCannotBeMade) {
    folder_.write("cache", "a file where the folder should be");
    EXPECT_THAT(message_of<Error>([&] { open(); }),
                AllOf(StartsWith("cannot make the folder"), HasSubstr("cache_dir")));
}

TEST_F(Features, SayWhenTheirFileCannotBeWritten) {
    const io::FileSizeLimit limit(1000);
    EXPECT_THAT(
        message_of<Error>([&] { open(); }),
        AllOf(StartsWith("cannot write"), HasSubstr("cifar100-test-"), HasSubstr("larger")));
    EXPECT_THAT(folder_.names(), testing::ElementsAre("cache"));
    EXPECT_TRUE(fs::is_empty(folder_ / "cache"));
}

}  // namespace
}  // namespace promptcl::data
