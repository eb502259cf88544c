#include "promptcl/data/datasets/image_folder.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"
#include "promptcl/data/datasets/folder_scan.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/memory_dataset.h"
#include "promptcl/data/resize.h"
#include "promptcl/data/transform.h"
#include "promptcl/io/file.h"
#include "promptcl/io/sha256.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace promptcl::data {
namespace {

/// The split of a folder without splits is the same in every run, whatever the seed of the run.
constexpr std::uint64_t kSplitSeed = 80'20;
constexpr std::int64_t kTestShare = 5;  // one picture in five

struct Picture {
    Image image;         // squashed; empty when the file was skipped
    std::string sha256;  // of the file
    std::string skipped;
};

Picture read_picture(const PictureFile& file, int side) {
    Picture picture;
    try {
        const std::string contents = io::read_file(file.path);
        const auto bytes = std::as_bytes(std::span(contents));
        picture.image = resize(decode_image(bytes, file.path.string()).view(), side, side);
        io::Sha256 digest;
        digest.update(bytes);
        picture.sha256 = digest.hex();
    } catch (const Error& error) {
        picture.skipped = error.what();
    }
    return picture;
}

/// Every file decoded, in the order of the files, by `workers` threads.
std::vector<Picture> read_pictures(const std::vector<PictureFile>& files, int side,
                                   std::int64_t workers) {
    std::vector<Picture> pictures(files.size());
    std::atomic<std::size_t> next = 0;
    std::mutex failing;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            for (std::size_t i = next++; i < files.size(); i = next++)
                pictures[i] = read_picture(files[i], side);
        } catch (...) {
            const std::lock_guard lock(failing);
            failure = std::current_exception();
            next = files.size();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::int64_t worker = 1; worker < workers; ++worker)
            threads.emplace_back(work);
        work();
    }
    if (failure) std::rethrow_exception(failure);
    return pictures;
}

class Pictures : public Dataset {
  public:
    void add(Image image, std::int64_t label, std::string origin) {
        images_.push_back(std::move(image));
        labels_.push_back(label);
        origins_.push_back(std::move(origin));
    }
    std::int64_t size() const override { return std::ssize(images_); }
    ImageView image(std::int64_t i) const override {
        return images_.at(static_cast<std::size_t>(i)).view();
    }
    std::int64_t label(std::int64_t i) const override {
        return labels_.at(static_cast<std::size_t>(i));
    }
    std::string origin(std::int64_t i) const override {
        return origins_.at(static_cast<std::size_t>(i));
    }

  private:
    std::vector<Image> images_;
    std::vector<std::int64_t> labels_;
    std::vector<std::string> origins_;
};

/// Takes up pictures one by one and hands out the data source.
class Collector {
  public:
    enum class Split { kTrain, kTest };

    explicit Collector(std::vector<std::string> class_names) {
        source_.class_names = std::move(class_names);
    }

    void add(Split split, const PictureFile& file, Picture picture) {
        const std::string line =
            fmt::format("{} {} {} {}\n", split == Split::kTrain ? "train" : "test",
                        source_.class_names[static_cast<std::size_t>(file.label)],
                        file.path.filename().string(), picture.sha256);
        digest_.update(std::as_bytes(std::span(line)));
        (split == Split::kTrain ? *train_ : *test_)
            .add(std::move(picture.image), file.label,
                 fmt::format("{}/{}", source_.class_names[static_cast<std::size_t>(file.label)],
                             file.path.filename().string()));
    }
    void skip(std::string reason) { source_.skipped.push_back(std::move(reason)); }

    DataSource finish() {
        source_.train = std::move(train_);
        source_.test = std::move(test_);
        source_.sha256 = digest_.hex();
        return std::move(source_);
    }

  private:
    DataSource source_;
    std::unique_ptr<Pictures> train_ = std::make_unique<Pictures>(),
                              test_ = std::make_unique<Pictures>();
    io::Sha256 digest_;
};

/// The numbers of the readable files of every class; notes the others in `collector`.
std::vector<std::vector<std::size_t>> readable_by_class(const FolderScan& scan,
                                                        const std::vector<Picture>& pictures,
                                                        std::size_t least, Collector& collector) {
    std::vector<std::vector<std::size_t>> by_class(scan.class_names.size());
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (pictures[i].skipped.empty()) {
            by_class[static_cast<std::size_t>(scan.files[i].label)].push_back(i);
        } else {
            collector.skip(pictures[i].skipped);
        }
    }
    for (std::size_t label = 0; label < by_class.size(); ++label) {
        if (by_class[label].size() >= least) continue;
        throw Error(fmt::format("the class folder {} holds {} readable JPEG or PNG files",
                                scan.folders[label].string(), by_class[label].size()),
                    fmt::format("put at least {} into it or remove the folder", least));
    }
    return by_class;
}

void add_split(Collector& collector, Collector::Split split, const FolderScan& scan,
               std::vector<Picture> pictures) {
    for (const auto& members : readable_by_class(scan, pictures, 1, collector)) {
        for (const std::size_t i : members)
            collector.add(split, scan.files[i], std::move(pictures[i]));
    }
}

/// Draws the test pictures of every class.
void add_divided(Collector& collector, const FolderScan& scan, std::vector<Picture> pictures) {
    const auto by_class = readable_by_class(scan, pictures, 2, collector);
    for (std::size_t label = 0; label < by_class.size(); ++label) {
        const auto& members = by_class[label];
        const auto order = Rng(kSplitSeed)
                               .fork("image_folder")
                               .fork(scan.class_names[label])
                               .permutation(std::ssize(members));
        const std::int64_t tests = std::max<std::int64_t>(1, std::ssize(members) / kTestShare);
        const std::set<std::int64_t> chosen(order.begin(), order.begin() + tests);
        for (std::size_t place = 0; place < members.size(); ++place) {
            const bool is_test = chosen.contains(static_cast<std::int64_t>(place));
            collector.add(is_test ? Collector::Split::kTest : Collector::Split::kTrain,
                          scan.files[members[place]], std::move(pictures[members[place]]));
        }
    }
}

}  // namespace

DataSource open_image_folder(const config::Config& config) {
    if (config.data_dir.empty()) {
        throw UsageError("data_dir is not set",
                         "give a folder with one sub-folder of pictures a class");
    }
    const auto scans = scan_image_folder(config.data_dir);
    const int side =
        squash_size(static_cast<int>(config.resize_size), static_cast<int>(config.input_size));
    const auto read = [&](const FolderScan& scan) {
        return read_pictures(scan.files, side, config.num_workers);
    };
    Collector collector(scans[0].class_names);
    if (scans.size() == 1) {
        add_divided(collector, scans[0], read(scans[0]));
    } else {
        add_split(collector, Collector::Split::kTrain, scans[0], read(scans[0]));
        add_split(collector, Collector::Split::kTest, scans[1], read(scans[1]));
    }
    return collector.finish();
}

}  // namespace promptcl::data
