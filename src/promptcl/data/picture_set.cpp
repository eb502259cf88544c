#include "promptcl/data/picture_set.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"
#include "promptcl/data/data_split.h"
#include "promptcl/data/picture_cache.h"
#include "promptcl/io/sha256.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <span>
#include <tuple>
#include <utility>

namespace promptcl::data {
namespace {

/// The drawn split is the same in every run, whatever the seed of the run.
constexpr std::uint64_t kSplitSeed = 80'20;
constexpr std::int64_t kTestShare = 5;  // one picture in five

/// One split: some pictures of a pack.
class Pictures : public Dataset {
  public:
    explicit Pictures(std::shared_ptr<const PicturePack> pack) : pack_(std::move(pack)) {}

    void add(std::int64_t place, std::int64_t label, std::string origin) {
        pictures_.push_back({place, label, std::move(origin)});
    }
    std::int64_t size() const override { return std::ssize(pictures_); }
    ImageView image(std::int64_t i) const override { return pack_->image(at(i).place); }
    std::int64_t label(std::int64_t i) const override { return at(i).label; }
    std::string origin(std::int64_t i) const override { return at(i).origin; }
    std::string sha256(std::int64_t i) const override {
        return std::string(pack_->sha256(at(i).place));
    }

  private:
    struct Picture {
        std::int64_t place, label;
        std::string origin;
    };
    const Picture& at(std::int64_t i) const { return pictures_.at(static_cast<std::size_t>(i)); }

    std::shared_ptr<const PicturePack> pack_;
    std::vector<Picture> pictures_;
};

void apply_data_split(PictureListing& listing, const config::Config& config) {
    if (config.data_split.empty()) return;
    if (listing.common_test) {
        throw UsageError(fmt::format("data_split cannot divide {}, which has one test set for all "
                                     "tasks",
                                     config.dataset),
                         "leave data_split empty");
    }
    auto tests = read_data_split(config.data_split);
    for (auto& picture : listing.pictures)
        picture.split = tests.erase(picture.file.path) == 1 ? Split::kTest : Split::kTrain;
    if (tests.empty()) return;
    throw Error(fmt::format("line {} of {} names {}, which is no picture of the data set",
                            tests.begin()->second, config.data_split, tests.begin()->first),
                "give paths as they stand inside data_dir");
}

using Places = std::vector<std::size_t>;

/// The readable pictures of each group and split.
std::map<std::pair<std::string, Split>, Places> readable_groups(const PictureListing& listing,
                                                                const PicturePack& pack,
                                                                const config::Config& config) {
    std::map<std::pair<std::string, Split>, Places> groups;
    for (std::size_t i = 0; i < listing.pictures.size(); ++i) {
        const auto& picture = listing.pictures[i];
        auto& places = groups[{picture.group, picture.split}];
        if (pack.skipped(static_cast<std::int64_t>(i)).empty()) places.push_back(i);
    }
    for (const auto& [group, places] : groups) {
        const std::size_t least = group.second == Split::kDrawn ? 2 : 1;
        if (places.size() >= least) continue;
        throw Error(fmt::format("{} of {} holds {} readable JPEG or PNG files{}", group.first,
                                config.data_dir, places.size(),
                                group.second == Split::kTest ? " to test on" : ""),
                    fmt::format("put at least {} into it or remove it", least));
    }
    return groups;
}

/// Decides for every picture whose split is to be drawn.
void draw_splits(PictureListing& listing, const PicturePack& pack, const config::Config& config) {
    for (const auto& [group, places] : readable_groups(listing, pack, config)) {
        const auto& [name, split] = group;
        if (split != Split::kDrawn) continue;
        const auto count = std::ssize(places);
        const auto order = Rng(kSplitSeed).fork("image_folder").fork(name).permutation(count);
        const auto tests = std::max<std::int64_t>(1, count / kTestShare);
        for (std::int64_t i = 0; i < count; ++i) {
            const auto place = places[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
            listing.pictures[place].split = i < tests ? Split::kTest : Split::kTrain;
        }
    }
}

std::string name_of(const io::FileTree::Entry& file) {
    return file.path.substr(file.path.rfind('/') + 1);
}

}  // namespace

DataSource open_picture_set(const io::FileTree& tree, PictureListing listing,
                            const config::Config& config, OpenObserver& observer) {
    std::ranges::stable_sort(listing.pictures, {}, [](const ListedPicture& picture) {
        return std::tuple(picture.split, picture.task, picture.label);
    });
    apply_data_split(listing, config);
    std::vector<io::FileTree::Entry> files;
    for (const auto& picture : listing.pictures)
        files.push_back(picture.file);
    const auto pack =
        std::make_shared<const PicturePack>(open_pictures(tree, files, config, observer));
    draw_splits(listing, *pack, config);

    DataSource source;
    auto train = std::make_unique<Pictures>(pack), test = std::make_unique<Pictures>(pack);
    TaskLabels tasks{.names = std::move(listing.task_names), .train = {}, .test = {}};
    io::Sha256 digest;
    for (std::int64_t i = 0; i < std::ssize(listing.pictures); ++i) {
        const auto& picture = listing.pictures[static_cast<std::size_t>(i)];
        if (const auto reason = pack->skipped(i); !reason.empty()) {
            source.skipped.emplace_back(reason);
            continue;
        }
        const bool is_test = picture.split == Split::kTest;
        const std::string line = fmt::format("{} {} {} {}\n", is_test ? "test" : "train",
                                             picture.group, name_of(picture.file), pack->sha256(i));
        digest.update(std::as_bytes(std::span(line)));
        (is_test ? *test : *train).add(i, picture.label, picture.file.path);
        if (!is_test) tasks.train.push_back(picture.task);
        if (is_test && !listing.common_test) tasks.test.push_back(picture.task);
    }
    source.train = std::move(train);
    source.test = std::move(test);
    source.class_names = std::move(listing.class_names);
    if (!tasks.names.empty()) source.tasks = std::move(tasks);
    source.sha256 = digest.hex();
    return source;
}

}  // namespace promptcl::data
