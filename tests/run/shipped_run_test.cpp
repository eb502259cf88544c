// Every shipped configuration, from the files of its data set to its results.
#include "promptcl/config/load.h"
#include "promptcl/config/locate.h"
#include "promptcl/io/file.h"
#include "promptcl/train/results.h"

#include "tests/data/small_sets.h"
#include "tests/run/tiny_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace promptcl::train {
namespace {

using data::ImagesPerClass;

constexpr ImagesPerClass kImages{.train = 5, .test = 1};

void write_five_datasets(const TemporaryFolder& root, const std::string& folder) {
    data::write_cifar10(root, folder + "/cifar10", kImages);
    data::write_mnist(root, folder + "/mnist", kImages);
    data::write_svhn(root, folder + "/svhn_cropped", kImages);
    data::write_not_mnist(root, folder + "/not_mnist", kImages);
    data::write_mnist(root, folder + "/fashion_mnist", kImages);
}

void write_cifar100(const TemporaryFolder& root, const std::string& folder) {
    data::write_cifar100(root, folder, kImages);
}

void write_imagenet_r(const TemporaryFolder& root, const std::string& folder) {
    data::write_imagenet_r(root, folder, kImages);
}

void write_task_folder(const TemporaryFolder& root, const std::string& folder) {
    for (const std::string task : {"/a", "/b"})
        data::write_image_folder(root, folder + task, 2);
}

void write_image_folder(const TemporaryFolder& root, const std::string& folder) {
    data::write_image_folder(root, folder, 10);
}

/// Writes the files of a data set into a folder.
using Write = void (*)(const TemporaryFolder& root, const std::string& folder);

const std::map<std::string, Write> kWriters = {
    {"cifar100", write_cifar100},         {"five_datasets", write_five_datasets},
    {"core50", data::write_core50},       {"imagenet_r", write_imagenet_r},
    {"image_folder", write_image_folder}, {"task_folder", write_task_folder},
};

/// Those that need files: `promptcl demo` runs the others.
std::vector<std::string> configurations() {
    std::vector<std::string> names;
    for (const auto& shipped : config::shipped_configs()) {
        if (config::load_config(shipped.name).dataset != "synthetic") names.push_back(shipped.name);
    }
    return names;
}

class ShippedRun : public testing::TestWithParam<std::string> {
  protected:
    /// With the tiny ViT, for one epoch a task.
    config::Config configured(const TemporaryFolder& root) const {
        const std::string side = std::to_string(support::kTinyImage);
        std::vector<config::Override> changes = {{"init_checkpoint", (root / "tiny.npz").string()},
                                                 {"data_dir", (root / "data").string()},
                                                 {"cache_dir", (root / "cache").string()},
                                                 {"model_name", "auto"},
                                                 {"input_size", side},
                                                 {"resize_size", side},
                                                 {"num_epochs", "1"}};
        if (config::load_config(GetParam()).gaussian_schedule)
            changes.push_back({"continual.num_tasks", "20"});
        if (config::load_config(GetParam()).method == "dualprompt")
            changes.push_back({"e_prompt_layer_idx", "[1, 2]"});  // of the three blocks there are
        return config::load_config(GetParam(), changes);
    }
};

TEST_P(ShippedRun, EndsOnSmallDataOfItsTrueFormat) {
    const TemporaryFolder root;
    const auto config = configured(root);
    support::write_tiny_backbone(root.path());
    kWriters.at(config.dataset)(root, "data");
    const auto experiment = open_experiment(config);
    RunFolder folder(root / "run");
    folder.create(experiment.config);
    Trainer trainer(experiment, folder, {});
    ASSERT_EQ(trainer.run([] { return false; }), Outcome::kFinished);
    const auto results = nlohmann::json::parse(io::read_file(folder.results_file()));
    EXPECT_EQ(results.at("configured").at("accuracy_matrix").size(),
              experiment.stream.tasks.size());
    EXPECT_TRUE(results.at("configured").at("final").contains("anytime_acc"));
}

INSTANTIATE_TEST_SUITE_P(Configurations, ShippedRun, testing::ValuesIn(configurations()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace promptcl::train
