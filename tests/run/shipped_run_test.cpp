// Every shipped configuration, from the files of its data set to its results.
#include "promptcl/config/load.h"
#include "promptcl/io/file.h"
#include "promptcl/train/results.h"

#include "tests/data/small_sets.h"
#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <ostream>

namespace promptcl::train {
namespace {

using data::ImagesPerClass;

constexpr ImagesPerClass kImages{.train = 5, .test = 1};

struct Shipped {
    std::string name;
    std::function<void(const TemporaryFolder&)> write_data;  // into its folder "data"
    std::vector<config::Override> changes;                   // that the tiny ViT needs
    std::size_t tasks;

    friend void PrintTo(const Shipped& shipped, std::ostream* out) { *out << shipped.name; }
};

void write_cifar100_data(const TemporaryFolder& root) {
    data::write_cifar100(root, "data", kImages);
}

void write_five_datasets(const TemporaryFolder& root) {
    data::write_cifar10(root, "data/cifar10", kImages);
    data::write_mnist(root, "data/mnist", kImages);
    data::write_svhn(root, "data/svhn_cropped", kImages);
    data::write_mnist(root, "data/not_mnist", kImages);
    data::write_mnist(root, "data/fashion_mnist", kImages);
}

/// The tiny ViT has three blocks.
const std::vector<config::Override> kExpertLayers = {{"e_prompt_layer_idx", "[1, 2]"}};

const std::vector<Shipped> kShipped = {
    {"cifar100_l2p", write_cifar100_data, {}, 10},
    {"cifar100_dualprompt", write_cifar100_data, kExpertLayers, 10},
    {"five_datasets_l2p", write_five_datasets, {}, 5},
};

class ShippedRun : public testing::TestWithParam<Shipped> {};

TEST_P(ShippedRun, EndsOnSmallDataOfItsTrueFormat) {
    const TemporaryFolder root;
    support::write_tiny_backbone(root.path());
    GetParam().write_data(root);
    const std::string side = std::to_string(support::kTinyImage);
    auto changes = GetParam().changes;
    changes.insert(changes.end(), {{"init_checkpoint", (root / "tiny.npz").string()},
                                   {"data_dir", (root / "data").string()},
                                   {"cache_dir", (root / "cache").string()},
                                   {"model_name", "auto"},
                                   {"input_size", side},
                                   {"resize_size", side},
                                   {"num_epochs", "1"}});
    const auto experiment = open_experiment(config::load_config(GetParam().name, changes));
    RunFolder folder(root / "run");
    folder.create(experiment.config);
    Trainer trainer(experiment, folder, {});
    ASSERT_EQ(trainer.run([] { return false; }), Outcome::kFinished);
    const auto results = nlohmann::json::parse(io::read_file(folder.results_file()));
    EXPECT_EQ(results.at("configured").at("accuracy_matrix").size(), GetParam().tasks);
}

INSTANTIATE_TEST_SUITE_P(Configurations, ShippedRun, testing::ValuesIn(kShipped),
                         [](const auto& shipped) { return shipped.param.name; });

}  // namespace
}  // namespace promptcl::train
