// Images that are made on a device beside those that the CPU makes; on the CPU everywhere, on the
// GPU where there is one.
#include "promptcl/input/device_images.h"

#include "promptcl/tensor/device.h"

#include "tests/input/pictures.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace promptcl::input {
namespace {

constexpr std::int64_t kPlenty = std::numeric_limits<std::int64_t>::max();
const std::vector<std::int64_t> kIds{3, 0, 3, 1};
const Rng kRng(5);

enum class Sizes { kSmall, kLarge, kMixed };

Noises pictures(Sizes sizes) {
    switch (sizes) {
        case Sizes::kSmall:
            return Noises({{24, 20}, {24, 20}, {24, 20}, {24, 20}});
        case Sizes::kLarge:
            return Noises({{90, 110}, {90, 110}, {90, 110}, {90, 110}});
        case Sizes::kMixed:
            return Noises({{24, 20}, {90, 110}, {30, 30}, {80, 80}});
    }
    return Noises({});
}

struct Setting {
    c10::DeviceType device;
    Sizes sizes;
    std::int64_t bytes_for_keeping;
    int input_size;
};

class DeviceImagesOn : public ::testing::TestWithParam<Setting> {
  protected:
    void SetUp() override {
        if (GetParam().device == c10::kCUDA && !tensor::has_gpu())
            GTEST_SKIP() << "this LibTorch finds no GPU";
    }
    /// The images of both batches are those of the CPU: the same bits there, on a GPU but for the
    /// rounding of one operation and, squashed, of one value that is cut.
    void expect_same(const DeviceImages& there, stream::Batch batch, stream::Batch of_host) {
        EXPECT_EQ(batch.labels, of_host.labels);
        EXPECT_EQ(batch.ids, of_host.ids);
        EXPECT_TRUE(batch.images.empty());
        const Tensor actual = there.take_images(batch).cpu(), expected = host_.take_images(of_host);
        ASSERT_EQ(actual.sizes(), expected.sizes());
        if (GetParam().device == c10::kCPU) {
            EXPECT_TRUE(actual.equal(expected));
        } else {
            EXPECT_LE((actual - expected).abs().max().item<double>(), 1.001 / 255);
            EXPECT_LE((actual - expected).abs().mean().item<double>(), 1e-5);
        }
    }
    DeviceImages there(const data::Dataset& split) const {
        const auto device =
            GetParam().device == c10::kCUDA ? tensor::open_gpu() : c10::Device(c10::kCPU);
        return {split, transform_, device, GetParam().bytes_for_keeping};
    }

    const Noises split_ = pictures(GetParam().sizes);
    const data::Transform transform_{
        {.input_size = GetParam().input_size, .resize_size = GetParam().input_size + 8}};
    const HostImages host_{transform_};
};

TEST_P(DeviceImagesOn, AreThoseOfTheCpuInTrainingAndEvaluation) {
    const DeviceImages there = this->there(split_);
    EXPECT_EQ(there.keeps_split(), GetParam().bytes_for_keeping > 0);
    expect_same(there, there.training_batch(split_, kIds, kRng),
                host_.training_batch(split_, kIds, kRng));
    expect_same(there, there.evaluation_batch(split_, kIds), host_.evaluation_batch(split_, kIds));
}

TEST_P(DeviceImagesOn, OfAReplayBufferComeBehindTheTasksOwn) {
    const DeviceImages there = this->there(split_);
    const Noises buffer({{24, 20}, {24, 20}}, 9);
    const std::vector<std::int64_t> replayed{1, 0};
    expect_same(there,
                stream::with_replay(there.training_batch(split_, kIds, kRng),
                                    there.training_batch(buffer, replayed, kRng)),
                stream::with_replay(host_.training_batch(split_, kIds, kRng),
                                    host_.training_batch(buffer, replayed, kRng)));
}

std::vector<Setting> settings() {
    std::vector<Setting> result;
    for (const auto device : {c10::kCPU, c10::kCUDA}) {
        for (const auto sizes : {Sizes::kSmall, Sizes::kLarge, Sizes::kMixed}) {
            for (const std::int64_t bytes : {std::int64_t{0}, kPlenty}) {
                for (const int side : {24, 72})
                    result.push_back({device, sizes, bytes, side});
            }
        }
    }
    return result;
}

INSTANTIATE_TEST_SUITE_P(Any, DeviceImagesOn, ::testing::ValuesIn(settings()));

TEST(DeviceImages, AreKeptUpToTheLastByte) {
    const Noises split = pictures(Sizes::kSmall);
    const std::int64_t bytes = 4 * 24 * 20 * 3;  // smaller than squashed
    const data::Transform transform({.input_size = 72, .resize_size = 80});
    EXPECT_TRUE(DeviceImages(split, transform, c10::kCPU, bytes).keeps_split());
    EXPECT_FALSE(DeviceImages(split, transform, c10::kCPU, bytes - 1).keeps_split());
}

TEST(DeviceImages, OfABatchWithoutImagesAreUndefined) {
    const Noises split = pictures(Sizes::kSmall);
    const DeviceImages there(split, data::Transform({.input_size = 72, .resize_size = 80}),
                             c10::kCPU, 0);
    auto batch = stream::batch_without_images(split, kIds);
    EXPECT_FALSE(there.take_images(batch).defined());
}

}  // namespace
}  // namespace promptcl::input
