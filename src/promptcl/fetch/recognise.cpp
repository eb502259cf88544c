#include "promptcl/fetch/recognise.h"

#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"
#include "promptcl/fetch/sources.h"
#include "promptcl/io/file_tree.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <system_error>
#include <vector>

namespace promptcl::fetch {
namespace {

namespace fs = std::filesystem;

struct Mark {
    std::string_view dataset, name;
};

/// Names that an unpacked data set has. Those of the files as fetched stand in sources().
constexpr std::array kUnpacked = {
    Mark{"cifar100", "cifar-100-binary"},
    Mark{"cifar100", "cifar-100-python"},
    Mark{"cifar100", "train.bin"},
    Mark{"cifar100", "fine_label_names.txt"},
    Mark{"cifar10", "cifar-10-batches-bin"},
    Mark{"cifar10", "cifar-10-batches-py"},
    Mark{"cifar10", "data_batch_1.bin"},
    Mark{"cifar10", "data_batch_1"},
    Mark{"mnist", "train-images-idx3-ubyte"},
    Mark{"fashion_mnist", "train-images-idx3-ubyte"},
    Mark{"kmnist", "train-images-idx3-ubyte"},
    Mark{"not_mnist_idx", "train-images-idx3-ubyte"},
    Mark{"mnist", "MNIST"},
    Mark{"fashion_mnist", "FashionMNIST"},
    Mark{"kmnist", "KMNIST"},
    Mark{"not_mnist", "notMNIST_small"},
    Mark{"core50", "core50_128x128"},
    Mark{"imagenet_r", "imagenet-r"},
    Mark{"tiny_imagenet", "tiny-imagenet-200"},
    Mark{"tiny_imagenet", "wnids.txt"},
};

std::vector<Mark> marks() {
    std::vector<Mark> all(kUnpacked.begin(), kUnpacked.end());
    for (const auto& source : sources()) {
        if (source.dataset.empty()) continue;
        for (const auto& file : source.files)
            all.push_back({source.dataset, file.name});
    }
    return all;
}

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// The data sets one of whose names is that of `path` or lies in it.
std::set<std::string_view> candidates(const fs::path& path) {
    std::set<std::string_view> found;
    for (const auto& mark : marks()) {
        if (path.filename() == mark.name || is_there(path / mark.name)) found.insert(mark.dataset);
    }
    return found;
}

bool has_published_file(const fs::path& folder, const Source& source) {
    return std::ranges::any_of(source.files, [&](const RemoteFile& file) {
        return file.checksum && is_there(folder / file.name) &&
               io::digest_of_file(file.checksum->kind, folder / file.name) == file.checksum->hex;
    });
}

std::string one_of(const std::set<std::string_view>& names, const fs::path& path) {
    for (const auto& source : sources()) {
        if (names.contains(source.dataset) && has_published_file(path, source))
            return std::string(source.dataset);
    }
    std::string own_name = path.filename().string();
    if (names.contains(own_name)) return own_name;
    throw UsageError(fmt::format("{} may hold {}", path.string(), fmt::join(names, " or ")),
                     "say which with --dataset NAME");
}

/// By the depth of the first picture; empty without one.
std::string shape_of(const fs::path& path) {
    for (const auto& entry : io::FileTree::open(path)->list()) {
        if (entry.path.ends_with(".csv")) return "csv";
        if (!data::is_picture(entry.path)) continue;
        const auto folders = std::ranges::count(entry.path, '/');
        if (folders == 1) return "image_folder";
        if (folders == 2)
            return is_there(path / "train") && is_there(path / "test") ? "image_folder"
                                                                       : "task_folder";
    }
    return {};
}

}  // namespace

std::string recognise(const fs::path& given) {
    const fs::path path = fs::absolute(given / "").parent_path();  // without a slash at its end
    if (!is_there(path)) {
        throw Error(fmt::format("cannot read {}: no such file or folder", given.string()),
                    "check the path");
    }
    for (const auto& group : groups()) {
        const auto has = [&](std::string_view member) { return is_there(path / member); };
        if (std::ranges::all_of(group.members, has)) return std::string(group.name);
    }
    const auto names = candidates(path);
    if (names.size() == 1) return std::string(*names.begin());
    if (names.size() > 1) return one_of(names, path);
    std::string shape = shape_of(path);
    if (!shape.empty()) return shape;
    throw UsageError(fmt::format("nothing tells which data set {} holds", given.string()),
                     "say which with --dataset NAME");
}

}  // namespace promptcl::fetch
