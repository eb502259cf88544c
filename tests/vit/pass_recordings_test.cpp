// Recorded passes beside the same passes computed anew; on the CPU everywhere, where a recording
// calls the pass again, and as CUDA graphs where there is a GPU.
#include "promptcl/vit/pass_recordings.h"

#include "promptcl/core/error.h"
#include "promptcl/tensor/device.h"
#include "promptcl/tensor/recording.h"
#include "promptcl/vit/device_vit.h"

#include "tests/support/message_of.h"
#include "tests/support/vit_case.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

namespace promptcl::vit {
namespace {

using support::expect_near, support::outcome_of, support::VitCase;

constexpr double kValues = 1e-5, kGradients = 1e-4;  // another device's rounding

class Recordings : public ::testing::TestWithParam<c10::DeviceType> {
  protected:
    void SetUp() override {
        if (GetParam() != c10::kCUDA) return;
        if (!tensor::has_gpu()) GTEST_SKIP() << "this LibTorch finds no GPU";
        if (!tensor::can_record(c10::kCUDA)) GTEST_SKIP() << "built without CUDA's headers";
    }
    static DeviceVit recorded(const Vit& plain) {
        const auto device = GetParam() == c10::kCUDA ? tensor::open_gpu() : c10::Device(c10::kCPU);
        return DeviceVit(plain, {.device = device, .recorded = true});
    }
};

TEST_P(Recordings, GiveWhatThePassGivesForOtherNumbersEachTime) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        SCOPED_TRACE(seed);
        VitCase drawn(seed);
        const DeviceVit vit = recorded(*drawn.plain);
        for (int i = 0; i < 3 * PassRecordings::kTimes; ++i) {
            const at::NoGradGuard no_grad;
            drawn.images.mul_(0.9);
            for (Tensor& part : drawn.parts)
                part.mul_(0.9);
            const at::AutoGradMode with_gradients(true);
            expect_near(vit.cls(drawn.images), drawn.plain->cls(drawn.images), kValues);
            expect_near(outcome_of(vit, drawn), outcome_of(*drawn.plain, drawn), kValues,
                        kGradients);
        }
    }
}

TEST_P(Recordings, LeaveAForwardPassAloneUntilItsBackwardPass) {
    VitCase drawn(4);
    const DeviceVit vit = recorded(*drawn.plain);
    for (int i = 0; i < PassRecordings::kTimes; ++i)
        outcome_of(vit, drawn);
    const Tensor first = vit.features(drawn.images, drawn.injection, drawn.readout);
    const auto expected = torch::autograd::grad(
        {drawn.plain->features(drawn.images, drawn.injection, drawn.readout).sum()}, drawn.parts);
    const Tensor others = drawn.images * 0.5;
    const Tensor second = vit.features(others, drawn.injection, drawn.readout);
    expect_near(second, drawn.plain->features(others, drawn.injection, drawn.readout), kValues);
    const auto actual = torch::autograd::grad({first.sum()}, drawn.parts);
    for (std::size_t i = 0; i < actual.size(); ++i)
        EXPECT_LE((actual[i] - expected[i]).norm().item<double>(),
                  kGradients * expected[i].norm().item<double>());
}

INSTANTIATE_TEST_SUITE_P(On, Recordings, ::testing::Values(c10::kCPU, c10::kCUDA),
                         [](const auto& device) { return c10::DeviceTypeName(device.param); });

/// Tokens [B, 2, 3] to their sum over rows, plus the prompts'.
class OfSums : public ::testing::Test {
  protected:
    Tensor run(std::int64_t batch) {
        const Injection injection{.prepend = {{0, at::ones({batch, 1, 3})}}};
        return recordings_.run(0, pass_, at::ones({batch, 2, 3}), injection);
    }

    int calls_ = 0;
    PassRecordings::Pass pass_ = [this](const Tensor& tokens, const Injection& injection) {
        ++calls_;
        return tokens.sum(1) + injection.prepend.at(0).sum(1) + added_;
    };
    double added_ = 0;
    PassRecordings recordings_{c10::kCPU};
};

TEST_F(OfSums, AreMadeOfAShapeThatCameOften) {
    for (int i = 1; i < PassRecordings::kTimes; ++i)
        EXPECT_TRUE(run(2).equal(at::full({2, 3}, 3.0)));
    run(1);
    EXPECT_EQ(recordings_.size(), 0);
    run(2);
    EXPECT_EQ(recordings_.size(), 1);
    EXPECT_TRUE(run(2).equal(at::full({2, 3}, 3.0)));
}

TEST_F(OfSums, AreOnlySoMany) {
    for (std::int64_t batch = 1; batch < 20; ++batch) {
        for (int i = 0; i < 2 * PassRecordings::kTimes; ++i)
            EXPECT_TRUE(run(batch).equal(at::full({batch, 3}, 3.0)));
    }
    EXPECT_EQ(recordings_.size(), PassRecordings::kMost);
}

TEST_F(OfSums, AreRefusedWhenTheyGiveSomethingElse) {
    pass_ = [inner = pass_, this](const Tensor& tokens, const Injection& injection) {
        added_ += 1;  // a pass that depends on how often it is made
        return inner(tokens, injection);
    };
    for (int i = 1; i < PassRecordings::kTimes; ++i)
        run(2);
    EXPECT_THAT(message_of<Error>([&] { run(2); }), ::testing::HasSubstr("cuda_graphs = false"));
}

}  // namespace
}  // namespace promptcl::vit
