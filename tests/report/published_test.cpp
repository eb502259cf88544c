#include "promptcl/report/published.h"

#include "promptcl/config/load.h"

#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

/// The configuration of a method on Split CIFAR-100, as shipped.
config::Config on_cifar100(const std::string& method) {
    config::Config config = config::method_defaults("ft_seq_frozen");
    config.method = method;
    return config;
}

TEST(Published, FiguresOfL2pAreThePapersFirstAndThenThoseOfTheOfficialCodeRunAgain) {
    const auto found = published_for(config::load_config("cifar100_l2p"));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].accuracy, 0.8383);
    EXPECT_EQ(found[0].forgetting, 0.0763);
    EXPECT_EQ(found[1].accuracy, 0.8259);
    EXPECT_EQ(found[1].forgetting, 0.0788);
}

TEST(Published, FiguresOfNearestClassMeanHaveNoForgetting) {
    const auto found = published_for(config::load_config("cifar100_ncm"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].accuracy, 0.8370);
    EXPECT_EQ(found[0].forgetting, std::nullopt);
}

TEST(Published, FiguresOfSequentialTrainingAreThoseWithoutTrainMask) {
    auto config = config::load_config("cifar100_ft_seq_frozen");
    EXPECT_EQ(method_of(config), "ft_seq_frozen, unmasked");
    ASSERT_EQ(published_for(config).size(), 1U);
    EXPECT_EQ(published_for(config)[0].accuracy, 0.1772);
    config.continual.train_mask = true;
    EXPECT_EQ(method_of(config), "ft_seq_frozen, masked");
    EXPECT_TRUE(published_for(config).empty());
}

TEST(Published, FiguresOfExperienceReplayBelongToOneSizeOfBuffer) {
    auto config = on_cifar100("er");
    config.continual.replay.num_samples_per_class = 10;
    EXPECT_EQ(method_of(config), "er, unmasked, 10 images a class");
    EXPECT_EQ(published_for(config).at(0).accuracy, 0.6787);
    config.continual.replay.num_samples_per_class = 50;
    EXPECT_EQ(published_for(config).at(0).accuracy, 0.8253);
    config.continual.replay.num_samples_per_class = 1;
    EXPECT_EQ(method_of(config), "er, unmasked, 1 image a class");
    EXPECT_TRUE(published_for(config).empty());
}

TEST(Published, FiguresAreNotThoseOfAMethodWithReplay) {
    auto config = config::load_config("cifar100_l2p");
    config.continual.replay.num_samples_per_class = 10;
    EXPECT_TRUE(published_for(config).empty());
}

TEST(Published, FiguresBelongToTheWholeBenchmarkInItsNaturalOrder) {
    auto config = config::load_config("cifar100_l2p");
    EXPECT_EQ(benchmark_of(config), "Split CIFAR-100");
    config.subsample_rate = 10;
    EXPECT_EQ(benchmark_of(config), "cifar100, 10 tasks of 10 classes, 10 % of the images");
    EXPECT_TRUE(published_for(config).empty());
    config.subsample_rate = -1;
    config.continual.rand_seed = 3;
    EXPECT_EQ(benchmark_of(config), "cifar100, 10 tasks of 10 classes, classes permuted with 3");
    config.continual.rand_seed = -1;
    config.continual.num_tasks = 5;
    config.continual.num_classes_per_task = 20;
    EXPECT_EQ(benchmark_of(config), "cifar100, 5 tasks of 20 classes");
}

TEST(Published, BenchmarksAreToldByTheirStream) {
    config::Config config;
    config.gaussian_schedule = true;
    config.continual.num_tasks = 200;
    EXPECT_EQ(benchmark_of(config), "Gaussian CIFAR-100");
    EXPECT_EQ(published_for(config).at(0).accuracy, 0.8834);
    config = {};
    config.dataset = "imagenet_r";
    config.continual.num_classes_per_task = 20;
    EXPECT_EQ(benchmark_of(config), "Split ImageNet-R");
    config.method = "dualprompt";
    EXPECT_EQ(published_for(config).at(0).forgetting, 0.0468);
    config.dataset = "five_datasets";
    config.continual.num_tasks = 5;
    config.continual.num_classes_per_task = 10;
    EXPECT_EQ(benchmark_of(config), "5-datasets");
    config.dataset = "core50";
    config.continual.num_tasks = 8;
    config.continual.num_classes_per_task = 50;
    EXPECT_EQ(benchmark_of(config), "CORe50");
}

TEST(Published, FiguresAreFractionsAndEachHasASource) {
    for (const Published& entry : published()) {
        EXPECT_GT(entry.accuracy, 0.1) << entry.method;
        EXPECT_LT(entry.accuracy, 1.0) << entry.method;
        EXPECT_LT(entry.forgetting.value_or(0), 1.0) << entry.method;
        EXPECT_FALSE(entry.source.empty()) << entry.method;
    }
}

}  // namespace
}  // namespace promptcl::report
