#include "promptcl/data/picture_cache.h"

#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/registry.h"
#include "promptcl/data/transform.h"
#include "promptcl/io/file.h"

#include "tests/data/picture_files.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Counts what is read and remembers what is said.
struct Listener : OpenObserver {
    std::map<std::string, int> calls;
    std::vector<std::string> notes;

    void progress(std::string_view what, std::int64_t, std::int64_t) override {
        ++calls[std::string(what)];
    }
    void note(const std::string& sentence) override { notes.push_back(sentence); }
    int images_read() const {
        const auto found = calls.find("reading images");
        return found == calls.end() ? 0 : found->second;
    }
};

/// Two classes of four pictures: large and small ones, and a broken file.
class ImageCache : public testing::Test {
  protected:
    ImageCache() {
        for (const std::string name : {"a", "b"}) {
            for (std::uint8_t i = 0; i < 3; ++i) {
                pictures_.write(name + "/" + std::to_string(i) + ".png",
                                flat_png(40 + i, 90, 10 * i, 100, name == "a" ? 1 : 2));
            }
            pictures_.write(name + "/small.jpg", flat_jpeg(JpegKind::kGrey, 12, 9, {77}));
        }
        pictures_.write("b/broken.png", "not a picture");
        config_.dataset = "image_folder";
        config_.data_dir = pictures_.string();
        config_.cache_dir = (caches_ / "image-cache").string();
        config_.images.input_size = 32;
    }

    DataSource open() {
        listener_ = {};
        return open_dataset(config_, listener_);
    }
    fs::path cache() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(config_.cache_dir))
            found.push_back(entry.path());
        EXPECT_EQ(found.size(), 1u);
        return found.at(0);
    }
    /// Another file of the same name, so that who has mapped the old one keeps it.
    void replace_cache(std::string_view contents) const {
        const auto name = cache().filename().string();
        fs::remove(cache());
        caches_.write("image-cache/" + name, contents);
    }

    TemporaryFolder pictures_, caches_;
    config::Config config_;
    Listener listener_;
};

/// Everything that can be asked of a split.
std::vector<std::string> contents_of(const Dataset& split) {
    std::vector<std::string> found;
    for (std::int64_t i = 0; i < split.size(); ++i) {
        const auto image = split.image(i);
        found.push_back(split.origin(i) + " " + std::to_string(split.label(i)) + " " +
                        std::to_string(image.height) + "x" + std::to_string(image.width) + " " +
                        std::string(image.rgb.begin(), image.rgb.end()));
    }
    return found;
}

void expect_same(const DataSource& left, const DataSource& right) {
    EXPECT_EQ(contents_of(*left.train), contents_of(*right.train));
    EXPECT_EQ(contents_of(*left.test), contents_of(*right.test));
    EXPECT_EQ(left.sha256, right.sha256);
    EXPECT_EQ(left.skipped, right.skipped);
}

TEST_F(ImageCache, IsBuiltOnceAndReadsNoPictureLater) {
    const auto first = open();
    EXPECT_EQ(listener_.images_read(), 9);
    const auto second = open();
    EXPECT_EQ(listener_.images_read(), 0);
    EXPECT_THAT(listener_.notes, IsEmpty());
    expect_same(first, second);
    EXPECT_THAT(second.skipped, ElementsAre(HasSubstr("b/broken.png")));
}

TEST_F(ImageCache, HoldsTheSamePixelsAsMemory) {
    const auto cached = open();
    config_.cache_dir.clear();
    expect_same(cached, open());
    EXPECT_EQ(listener_.images_read(), 9);
}

TEST_F(ImageCache, KeepsSmallPicturesAsTheyAreAndTheTransformSeesNoDifference) {
    const auto source = open();
    const Transform transform({.input_size = 32, .resize_size = 256});
    std::vector<float> from_cache(static_cast<std::size_t>(transform.output_size())),
        direct = from_cache;
    for (std::int64_t i = 0; i < source.train->size(); ++i) {
        const auto file = read_image(pictures_ / source.train->origin(i));
        const bool is_small = file.height <= 32 && file.width <= 32;
        EXPECT_EQ(source.train->image(i).height, is_small ? file.height : 32);
        transform.train(source.train->image(i), Rng(5), from_cache);
        transform.train(file.view(), Rng(5), direct);
        EXPECT_EQ(from_cache, direct) << source.train->origin(i);
    }
}

TEST_F(ImageCache, BelongsToTheFilesAndTheSize) {
    open();
    fs::last_write_time(pictures_ / "a/1.png",
                        fs::last_write_time(pictures_ / "a/1.png") + std::chrono::seconds(1));
    open();
    EXPECT_EQ(listener_.images_read(), 9);
    config_.images.input_size = 224;
    open();
    EXPECT_EQ(listener_.images_read(), 9);
    config_.seed = 7;
    open();
    EXPECT_EQ(listener_.images_read(), 0);
}

TEST_F(ImageCache, ThatIsDamagedIsNotedAndBuiltAgain) {
    const auto first = open();
    const auto whole = io::read_file(cache());
    for (const std::size_t place :
         {std::size_t{3}, std::size_t{25}, whole.size() / 2, whole.size() - 70, whole.size() - 1}) {
        auto broken = whole;
        broken[place] = static_cast<char>(broken[place] ^ 1);
        replace_cache(broken);
        expect_same(open(), first);
        EXPECT_THAT(listener_.notes,
                    ElementsAre(AllOf(HasSubstr(cache().string()), EndsWith("it is built again"))))
            << place;
        EXPECT_EQ(listener_.images_read(), 9);
    }
}

TEST_F(ImageCache, ThatIsCutOffIsNotedAndBuiltAgain) {
    const auto first = open();
    const auto whole = io::read_file(cache());
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{10}, std::size_t{64}, whole.size() / 2, whole.size() - 1}) {
        replace_cache(whole.substr(0, size));
        expect_same(open(), first);
        EXPECT_EQ(listener_.notes.size(), 1u) << size;
    }
}

TEST_F(ImageCache, StaysReadableWhenItsFileIsReplaced) {
    const auto first = open();
    const auto before = contents_of(*first.train);
    fs::remove(cache());
    EXPECT_EQ(contents_of(*first.train), before);
}

TEST_F(ImageCache, IsBuiltByTheFirstOfManyWhoNeedIt) {
    constexpr int kMany = 6;
    std::vector<std::optional<DataSource>> sources(kMany);
    std::vector<Listener> listeners(kMany);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < kMany; ++i)
            threads.emplace_back([&, i] { sources[i] = open_dataset(config_, listeners[i]); });
    }
    for (std::size_t i = 0; i < kMany; ++i) {
        expect_same(*sources[i], *sources[0]);
        EXPECT_THAT(listeners[i].notes, IsEmpty());
    }
    cache();  // the only file
    open();
    EXPECT_EQ(listener_.images_read(), 0);
}

/// Gives up, or is killed, at the n-th picture.
struct Stopper : OpenObserver {
    explicit Stopper(bool kill) : kill_(kill) {}
    void progress(std::string_view what, std::int64_t done, std::int64_t) override {
        if (what != "reading images" || done < 5) return;
        if (kill_) ::raise(SIGKILL);
        throw Error("enough");
    }
    bool kill_;
};

TEST_F(ImageCache, LeavesNothingBehindWhenBuildingIsGivenUp) {
    Stopper stopper(false);
    EXPECT_EQ(message_of<Error>([&] { open_dataset(config_, stopper); }), "enough");
    EXPECT_TRUE(fs::is_empty(config_.cache_dir));
    EXPECT_EQ(open().train->size(), 6);
}

TEST_F(ImageCache, IsBuiltAnewAfterABuilderWasKilled) {
    const pid_t builder = ::fork();
    if (builder == 0) {
        Stopper stopper(true);
        open_dataset(config_, stopper);
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(builder, &status, 0), builder);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(open().train->size(), 6);
    EXPECT_EQ(listener_.images_read(), 9);
    EXPECT_THAT(listener_.notes, IsEmpty());
    open();
    EXPECT_EQ(listener_.images_read(), 0);
    cache();  // and no temporary file beside it
}

TEST_F(ImageCache, SaysWhenItsFolderCannotBeMade) {
    caches_.write("image-cache", "a file where the folder should be");
    EXPECT_THAT(message_of<Error>([&] { open(); }),
                AllOf(StartsWith("cannot make the folder"), HasSubstr("cache_dir")));
}

}  // namespace
}  // namespace promptcl::data
