// Which queries are the same, and which are not.
#include "promptcl/train/queries.h"

#include "promptcl/core/error.h"
#include "promptcl/input/batch_tensor.h"

#include "tests/stream/small_world.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const data::Transform kTransform({.input_size = 8, .resize_size = 8});
const input::HostImages kImages(kTransform);

/// L2P in three tasks of two classes with 5 training and 2 test images each, in batches of 4.
class Queries : public testing::Test {
  protected:
    Queries() {
        run_.config = support::tiny_l2p();
        run_.config.images.resize_size = 8;
        run_.config.cache_dir = (folder_ / "cache").string();
        run_.config.continual.num_tasks = 3;
        run_.config.continual.num_classes_per_task = 2;
        run_.config.per_device_batch_size = 4;
        run_.data = stream::small_world(6, 5, 2);
        run_.stream = stream::make_task_stream(run_.data, run_.config);
        run_.backbone = support::tiny_backbone(1);
    }
    data::FeatureCache open(Split split) const {
        return open_query_cache(run_, *run_.new_method(), split);
    }
    /// How many cache files there are when the run after `change` has opened its own.
    std::ptrdiff_t files_after(const std::function<void(Experiment&)>& change, Split split) {
        change(run_);
        open(split);
        std::error_code none;
        return std::distance(fs::directory_iterator(config().cache_dir, none), {});
    }
    config::Config& config() { return run_.config; }
    stream::Batch unaugmented(std::span<const std::int64_t> ids) const {
        return stream::evaluation_batch(*run_.data.train, kTransform, ids);
    }

    TemporaryFolder folder_;
    Experiment run_;
};

TEST_F(Queries, AreSharedByRunsThatDifferInSeedOrMethodAlone) {
    EXPECT_EQ(files_after([](Experiment&) {}, Split::kTest), 1);
    const auto seed_and_rate = [](Experiment& run) {
        run.config.seed = 7;
        run.config.learning_rate = 1;
    };
    EXPECT_EQ(files_after(seed_and_rate, Split::kTest), 1);
    const auto ncm = [](Experiment& run) { run.config.method = "ncm"; };
    EXPECT_EQ(files_after(ncm, Split::kTest), 1);
}

TEST_F(Queries, OfAnythingThatMayChangeABitLieApart) {
    std::ptrdiff_t files = files_after([](Experiment&) {}, Split::kTest);
    const std::vector<std::function<void(Experiment&)>> changes = {
        [](Experiment& run) { run.identity.backbone_sha256 = "another"; },
        [](Experiment& run) { run.identity.data_sha256 = "another"; },
        [](Experiment& run) { run.config.gelu = "erf"; },
        [](Experiment& run) { run.config.images.resize_size = 9; },
        [](Experiment& run) { run.config.prompt_pool_param.embedding_key = "mean"; },
        [](Experiment& run) { run.config.per_device_batch_size = 3; },
        [](Experiment& run) { run.stream.tests[0].images.pop_back(); },
    };
    for (const auto& change : changes)
        EXPECT_EQ(files_after(change, Split::kTest), ++files);
    EXPECT_EQ(files_after([](Experiment&) {}, Split::kTrain), ++files);
    const std::int64_t threads = tensor::threads();
    tensor::set_threads(threads + 1);
    EXPECT_EQ(files_after([](Experiment&) {}, Split::kTrain), ++files);
    tensor::set_threads(threads);
}

TEST_F(Queries, AreInMemoryWithoutACacheOrWhenTestImagesAreAugmented) {
    const std::function<void(config::Config&)> changes[] = {
        [](config::Config& config) { config.query_cache = false; },
        [](config::Config& config) { config.cache_dir.clear(); },
        [](config::Config& config) { config.evaluation.eval_train_augmentation = true; }};
    for (const auto& change : changes) {
        const auto before = config();
        change(config());
        EXPECT_EQ(open(Split::kTest).width(), 8);
        EXPECT_FALSE(fs::exists(before.cache_dir));
        config() = before;
    }
}

TEST_F(Queries, OfAMethodThatAsksNothingNeedNoFile) {
    config().method = "ft_seq";
    config().use_e_prompt = false;
    config().vit_classifier = "token";
    config().freeze_part = {};
    EXPECT_EQ(open(Split::kTest).width(), 0);
    EXPECT_FALSE(fs::exists(config().cache_dir));
}

TEST_F(Queries, SayHowToDoWithoutAFolderThatCannotBeWritten) {
    folder_.write("cache", "a file where the folder should be");
    EXPECT_THAT(message_of<Error>([&] { open(Split::kTest); }), HasSubstr("query_cache = false"));
}

TEST_F(Queries, OfUnaugmentedImagesComeFromTheirOwnBatchWhicheverStepAsks) {
    const auto method = run_.new_method();
    const auto& task = run_.stream.tasks[1].train;
    ASSERT_EQ(task.size(), 10U);
    Tensor expected = at::empty({10, 8});
    for (std::int64_t first = 0; first < 10; first += 4) {
        const std::int64_t size = std::min<std::int64_t>(4, 10 - first);
        auto images = unaugmented(std::span(task).subspan(static_cast<std::size_t>(first),
                                                          static_cast<std::size_t>(size)));
        expected.narrow(0, first, size).copy_(method->query(input::take_images(images, 8)));
    }
    for (const auto& order : {std::vector<std::int64_t>{0, 9, 3}, {8, 1}, {5, 5, 9, 2, 7}}) {
        data::FeatureCache cache(
            {.images = run_.data.train->size(), .width = method->query_kind().width});
        UnaugmentedQueries queries(run_, kImages, cache);
        std::vector<std::int64_t> ids;
        for (const auto place : order)
            ids.push_back(task[static_cast<std::size_t>(place)]);
        const Tensor wanted = expected.index_select(0, tensor::from_ints(order));
        EXPECT_TRUE(at::equal(queries.of(*method, ids), wanted));  // computed
        EXPECT_TRUE(at::equal(queries.of(*method, ids), wanted));  // kept
    }
}

}  // namespace
}  // namespace promptcl::train
