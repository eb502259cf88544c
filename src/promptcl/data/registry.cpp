#include "promptcl/data/registry.h"

#include "promptcl/config/choices.h"
#include "promptcl/core/error.h"
#include "promptcl/data/datasets/cifar.h"
#include "promptcl/data/datasets/core50.h"
#include "promptcl/data/datasets/csv.h"
#include "promptcl/data/datasets/five_datasets.h"
#include "promptcl/data/datasets/image_folder.h"
#include "promptcl/data/datasets/imagenet_r.h"
#include "promptcl/data/datasets/mnist.h"
#include "promptcl/data/datasets/not_mnist.h"
#include "promptcl/data/datasets/svhn.h"
#include "promptcl/data/datasets/synthetic.h"
#include "promptcl/data/datasets/task_folder.h"
#include "promptcl/data/datasets/tiny_imagenet.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace promptcl::data {
namespace {

/// For data sets that open at once and have splits of their own.
template <DataSource (*open)(const config::Config&)>
DataSource at_once(const config::Config& config, OpenObserver&) {
    if (!config.data_split.empty()) {
        throw UsageError(
            fmt::format("data_split cannot divide {}, which has a test split of its own",
                        config.dataset),
            "leave data_split empty");
    }
    return open(config);
}

constexpr std::array kDatasets = {
    DatasetEntry{"cifar10", "CIFAR-10, binary or Python version, packed or unpacked in data_dir",
                 at_once<open_cifar10>},
    DatasetEntry{"cifar100", "CIFAR-100, binary or Python version, packed or unpacked in data_dir",
                 at_once<open_cifar100>},
    DatasetEntry{"mnist", "MNIST, handwritten digits: the four IDX files in data_dir, .gz or not",
                 at_once<open_mnist>},
    DatasetEntry{"fashion_mnist", "Fashion-MNIST, clothing: IDX files as of MNIST",
                 at_once<open_fashion_mnist>},
    DatasetEntry{"kmnist", "KMNIST, cursive hiragana: IDX files as of MNIST", at_once<open_kmnist>},
    DatasetEntry{"svhn_cropped",
                 "Street View House Numbers: train_32x32.mat and test_32x32.mat in data_dir",
                 at_once<open_svhn_cropped>},
    DatasetEntry{"not_mnist_idx", "notMNIST, letters A to J: IDX files as of MNIST",
                 at_once<open_not_mnist_idx>},
    DatasetEntry{"five_datasets",
                 "5-datasets: CIFAR-10, MNIST, SVHN, notMNIST and Fashion-MNIST as five tasks",
                 open_five_datasets},
    DatasetEntry{"not_mnist", "notMNIST, letters A to J: PNG files, packed or unpacked in data_dir",
                 open_not_mnist},
    DatasetEntry{"core50",
                 "CORe50, 50 objects in 8 sessions as tasks: packed or unpacked in data_dir",
                 open_core50},
    DatasetEntry{"imagenet_r", "ImageNet-R, 200 classes: packed or unpacked in data_dir",
                 open_imagenet_r},
    DatasetEntry{"tiny_imagenet", "Tiny ImageNet, 200 classes: packed or unpacked in data_dir",
                 open_tiny_imagenet},
    DatasetEntry{"image_folder", "JPEG and PNG files in data_dir, one folder a class",
                 open_image_folder},
    DatasetEntry{"task_folder",
                 "JPEG and PNG files in data_dir, a folder a task, in it one a class",
                 open_task_folder},
    DatasetEntry{"csv", "JPEG and PNG files that a table lists: path,label,task,split", open_csv},
    DatasetEntry{"synthetic", "20 classes of shapes that the program draws itself; no file needed",
                 at_once<open_synthetic>},
};

}  // namespace

std::span<const DatasetEntry> datasets() {
    return kDatasets;
}

std::optional<std::string> dataset_problem(const std::string& name) {
    std::vector<std::string_view> names;
    names.reserve(kDatasets.size());
    for (const auto& entry : kDatasets)
        names.push_back(entry.name);
    return config::choice_problem("dataset", name, names);
}

DataSource open_dataset(const config::Config& config, OpenObserver& observer) {
    if (const auto problem = dataset_problem(config.dataset)) throw UsageError(*problem);
    return std::ranges::find(kDatasets, config.dataset, &DatasetEntry::name)
        ->open(config, observer);
}

DataSource open_dataset(const config::Config& config) {
    OpenObserver nobody;
    return open_dataset(config, nobody);
}

}  // namespace promptcl::data
