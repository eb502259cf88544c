#include "promptcl/data/datasets/five_datasets.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_folder.h"
#include "promptcl/data/datasets/mnist.h"
#include "promptcl/data/joined_dataset.h"
#include "promptcl/data/registry.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>
#include <vector>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// What a folder with the pictures of notMNIST holds one of.
constexpr std::array<std::string_view, 3> kLetters = {"notMNIST_small.tar.gz", "notMNIST_small",
                                                      "A"};

struct Member {
    std::string_view name;
    std::vector<std::string_view> folders;  // spellings, the first being ours
};

const std::vector<Member>& members() {
    static const std::vector<Member> five = {
        {"cifar10", {"cifar10", "cifar-10", "CIFAR10", "CIFAR-10"}},
        {"mnist", {"mnist", "MNIST"}},
        {"svhn_cropped", {"svhn_cropped", "svhn", "SVHN"}},
        {"not_mnist", {"not_mnist", "notmnist", "notMNIST"}},
        {"fashion_mnist", {"fashion_mnist", "fashion-mnist", "FashionMNIST", "Fashion-MNIST"}},
    };
    return five;
}

std::string folder_of(const Member& member, const fs::path& data_dir) {
    std::error_code ignored;
    for (const auto spelling : member.folders) {
        if (fs::is_directory(data_dir / spelling, ignored)) return (data_dir / spelling).string();
    }
    throw Error(fmt::format("{} holds no folder {}", data_dir.string(), member.name),
                fmt::format("put the files of {} into it ({})", member.name,
                            fmt::join(member.folders, ", ")));
}

/// The name in the registry of what lies in `folder`: notMNIST comes in two forms.
std::string form_of(const Member& member, const fs::path& folder) {
    std::error_code ignored;
    const auto is_there = [&](std::string_view name) { return fs::exists(folder / name, ignored); };
    const bool is_idx = member.name == "not_mnist" && has_not_mnist_idx(folder) &&
                        std::ranges::none_of(kLetters, is_there);
    return is_idx ? "not_mnist_idx" : std::string(member.name);
}

}  // namespace

DataSource open_five_datasets(const config::Config& config, OpenObserver& observer) {
    const auto data_dir =
        data_folder(config, "give the folder that holds the folders of the five data sets");
    std::vector<NamedSource> sources;
    for (const auto& member : members()) {
        config::Config own = config;
        own.data_dir = folder_of(member, data_dir);
        own.dataset = form_of(member, own.data_dir);
        sources.push_back({std::string(member.name), open_dataset(own, observer)});
    }
    return join_as_tasks(std::move(sources));
}

}  // namespace promptcl::data
