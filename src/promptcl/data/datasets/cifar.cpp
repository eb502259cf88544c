#include "promptcl/data/datasets/cifar.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/cifar_files.h"
#include "promptcl/data/datasets/data_folder.h"
#include "promptcl/data/memory_dataset.h"
#include "promptcl/io/file_tree.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// One form in which a data set is distributed.
struct Version {
    std::string archive, folder;  // the folder is what the archive unpacks to
    std::vector<std::string> train, test;
    std::string names;
    CifarImages (*images)(std::string_view contents, const std::string& file);
    std::vector<std::string> (*class_names)(std::string_view contents, const std::string& file);
};

struct Cifar {
    std::string_view title;
    std::int64_t classes;
    std::vector<Version> versions;
};

Cifar cifar10() {
    constexpr std::string_view kBatch = "data_batch_";
    const auto batches = [&](std::string_view suffix) {
        std::vector<std::string> names;
        for (int number = 1; number <= 5; ++number)
            names.push_back(fmt::format("{}{}{}", kBatch, number, suffix));
        return names;
    };
    return {"CIFAR-10",
            10,
            {{"cifar-10-binary.tar.gz",
              "cifar-10-batches-bin",
              batches(".bin"),
              {"test_batch.bin"},
              "batches.meta.txt",
              [](auto contents, auto& file) { return read_cifar_records(contents, 1, file); },
              [](auto contents, auto&) { return read_cifar_names(contents); }},
             {"cifar-10-python.tar.gz",
              "cifar-10-batches-py",
              batches(""),
              {"test_batch"},
              "batches.meta",
              [](auto contents, auto& file) { return read_cifar_pickle(contents, "labels", file); },
              [](auto contents, auto& file) {
                  return read_cifar_names_pickle(contents, "label_names", file);
              }}}};
}

Cifar cifar100() {
    return {"CIFAR-100",
            100,
            {{"cifar-100-binary.tar.gz",
              "cifar-100-binary",
              {"train.bin"},
              {"test.bin"},
              "fine_label_names.txt",
              [](auto contents, auto& file) { return read_cifar_records(contents, 2, file); },
              [](auto contents, auto&) { return read_cifar_names(contents); }},
             {"cifar-100-python.tar.gz",
              "cifar-100-python",
              {"train"},
              {"test"},
              "meta",
              [](auto contents, auto& file) {
                  return read_cifar_pickle(contents, "fine_labels", file);
              },
              [](auto contents, auto& file) {
                  return read_cifar_names_pickle(contents, "fine_label_names", file);
              }}}};
}

/// Where a version lies: a folder, or an archive with the folder inside.
struct Place {
    Version version;
    fs::path root, folder;
    bool has_names;
};

Place find(const Cifar& cifar, const fs::path& data_dir) {
    std::error_code ignored;
    for (const auto& version : cifar.versions) {
        for (const fs::path& folder : {data_dir, data_dir / version.folder}) {
            const auto is_there = [&](const std::string& name) {
                return fs::is_regular_file(folder / name, ignored);
            };
            if (std::ranges::any_of(version.train, is_there) ||
                std::ranges::any_of(version.test, is_there)) {
                return {version, folder, "", is_there(version.names)};
            }
        }
    }
    for (const auto& version : cifar.versions) {
        const fs::path archive = data_dir / version.archive;
        if (fs::is_regular_file(archive, ignored)) return {version, archive, version.folder, true};
    }
    std::string wanted;
    for (const auto& version : cifar.versions)
        wanted += fmt::format("{}{}", wanted.empty() ? "" : " or ", version.archive);
    throw Error(fmt::format("{} holds no {}", data_dir.string(), cifar.title),
                fmt::format("put {} there, packed or unpacked, and set data_dir to it", wanted));
}

class Reader {
  public:
    Reader(const Cifar& cifar, Place place) : cifar_(cifar), place_(std::move(place)) {}

    DataSource read() {
        const auto& version = place_.version;
        auto wanted = inside(version.train);
        std::ranges::copy(inside(version.test), std::back_inserter(wanted));
        if (place_.has_names) wanted.push_back((place_.folder / version.names).string());
        io::FileTree::open(place_.root)
            ->read(wanted, [&](const std::string& path, const std::string& contents) {
                take(path, contents);
            });
        return memory_source(split(version.train), split(version.test), class_names());
    }

  private:
    std::vector<std::string> inside(const std::vector<std::string>& files) const {
        std::vector<std::string> paths;
        paths.reserve(files.size());
        for (const auto& file : files)
            paths.push_back((place_.folder / file).string());
        return paths;
    }

    void take(const fs::path& path, const std::string& contents) {
        const auto name = path.filename().string();
        const auto shown = (place_.root / path).string();
        if (name == place_.version.names) {
            names_ = place_.version.class_names(contents, shown);
            if (std::cmp_not_equal(names_.size(), cifar_.classes)) {
                throw Error(fmt::format("{} names {} classes instead of {}", shown, names_.size(),
                                        cifar_.classes),
                            "repair the file or remove it");
            }
            return;
        }
        auto images = place_.version.images(contents, shown);
        check_labels(images.labels, cifar_.classes, shown);
        files_[name] = std::move(images);
    }

    /// The files put together in their own order, whatever that of the archive.
    std::unique_ptr<MemoryDataset> split(const std::vector<std::string>& names) {
        CifarImages all;
        std::vector<RecordFile> files;
        for (const auto& name : names) {
            const CifarImages images = std::move(files_.at(name));
            all.pixels.insert(all.pixels.end(), images.pixels.begin(), images.pixels.end());
            all.labels.insert(all.labels.end(), images.labels.begin(), images.labels.end());
            files.push_back({name, std::ssize(images.labels)});
        }
        return std::make_unique<MemoryDataset>(kCifarSide, kCifarSide, std::move(all.pixels),
                                               std::move(all.labels), std::move(files));
    }

    std::vector<std::string> class_names() const {
        auto names = names_;
        for (auto label = std::ssize(names); label < cifar_.classes; ++label)
            names.push_back(fmt::format("class_{}", label));
        return names;
    }

    const Cifar& cifar_;
    Place place_;
    std::map<std::string, CifarImages> files_;
    std::vector<std::string> names_;
};

DataSource open(const Cifar& cifar, const config::Config& config) {
    const auto folder = data_folder(config, fmt::format("give the folder of {}", cifar.title));
    return Reader(cifar, find(cifar, folder)).read();
}

}  // namespace

DataSource open_cifar10(const config::Config& config) {
    return open(cifar10(), config);
}

DataSource open_cifar100(const config::Config& config) {
    return open(cifar100(), config);
}

}  // namespace promptcl::data
