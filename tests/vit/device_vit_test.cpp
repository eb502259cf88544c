// The GPU path beside the plain one, over whatever shape a ViT and its prompts may have; on the CPU
// everywhere, on the GPU where there is one.
#include "promptcl/vit/device_vit.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/vit_case.h"

#include <gmock/gmock.h>

namespace promptcl::vit {
namespace {

using support::expect_near, support::expect_roughly_near, support::Outcome, support::outcome_of;
using Case = support::VitCase;

struct Setting {
    c10::DeviceType device;
    Precision precision;
    double values, gradients;  // tolerances; of gradients, a part of their norm
    std::uint64_t cases = 200;
    support::HeadWidths widths = {};
};

// Layer normalisation of a few numbers magnifies rounding, so coarse precisions get wider heads,
// those for which GPUs have attention of their own.
constexpr double kBf16Values = 3e-2, kBf16Gradients = 6e-2;
constexpr support::HeadWidths kWide{.least = 8, .step = 8};

std::string name_of(const Setting& setting) {
    const std::string precision = setting.precision == Precision::kFp32   ? "Fp32"
                                  : setting.precision == Precision::kTf32 ? "Tf32"
                                                                          : "Bf16";
    return (setting.device == c10::kCUDA ? "Gpu" : "Cpu") + precision;
}

class DeviceVits : public ::testing::TestWithParam<Setting> {
  protected:
    void SetUp() override {
        if (GetParam().device == c10::kCUDA && !tensor::has_gpu())
            GTEST_SKIP() << "this LibTorch finds no GPU";
    }
    static DeviceVit of(const Vit& plain) {
        const auto device =
            GetParam().device == c10::kCUDA ? tensor::open_gpu() : c10::Device(c10::kCPU);
        return DeviceVit(plain, {.device = device, .precision = GetParam().precision});
    }
};

TEST_P(DeviceVits, ComputeWhatThePlainPathComputesForAnyShape) {
    const auto [device, precision, values, gradients, cases, widths] = GetParam();
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        SCOPED_TRACE(seed);
        const Case drawn(seed, widths);
        const DeviceVit vit = of(*drawn.plain);
        expect_near(vit.patches(drawn.images), drawn.plain->patches(drawn.images), values);
        expect_near(vit.cls(drawn.images), drawn.plain->cls(drawn.images), values);
        const Outcome actual = outcome_of(vit, drawn), expected = outcome_of(*drawn.plain, drawn);
        if (precision == Precision::kFp32) {
            expect_near(actual, expected, values, gradients);
        } else {
            expect_roughly_near(actual, expected, values, gradients);
        }
    }
}

TEST_P(DeviceVits, TakeAndGiveFloat32OnTheCpu) {
    const Case drawn(4, GetParam().widths);
    const Outcome outcome = outcome_of(of(*drawn.plain), drawn);
    std::vector<Tensor> all = outcome.gradients;
    all.push_back(outcome.features);
    for (const Tensor& x : all) {
        EXPECT_EQ(x.scalar_type(), at::kFloat);
        EXPECT_TRUE(x.device().is_cpu());
    }
}

TEST_P(DeviceVits, TakePromptsThatAllImagesShare) {
    Case drawn(4, GetParam().widths);
    for (auto& [block, tokens] : drawn.injection.prepend)
        tokens = tokens.narrow(0, 0, 1).expand_as(tokens);
    for (auto& [block, prefix] : drawn.injection.prefix) {
        prefix.key = prefix.key.narrow(0, 0, 1).expand_as(prefix.key);
        prefix.value = prefix.value.narrow(0, 0, 1).expand_as(prefix.value);
    }
    expect_near(outcome_of(of(*drawn.plain), drawn), outcome_of(*drawn.plain, drawn),
                GetParam().values, GetParam().gradients);
}

TEST_P(DeviceVits, ForgetImagesThatWereChangedInPlace) {
    const Case drawn(5, GetParam().widths);
    const DeviceVit vit = of(*drawn.plain);
    Tensor images = drawn.images.clone();
    vit.cls(images);
    expect_near(vit.features(images, drawn.injection, drawn.readout),
                drawn.plain->features(images, drawn.injection, drawn.readout), GetParam().values);
    images.mul_(0.5);
    expect_near(vit.features(images, drawn.injection, drawn.readout),
                drawn.plain->features(images, drawn.injection, drawn.readout), GetParam().values);
}

INSTANTIATE_TEST_SUITE_P(On, DeviceVits,
                         ::testing::Values(Setting{c10::kCPU, Precision::kFp32, 1e-5, 1e-4},
                                           Setting{c10::kCPU, Precision::kBf16, kBf16Values,
                                                   kBf16Gradients, 30, kWide},
                                           Setting{c10::kCUDA, Precision::kFp32, 1e-5, 1e-4},
                                           Setting{c10::kCUDA, Precision::kTf32, kBf16Values / 4,
                                                   kBf16Gradients / 4, 30, kWide},
                                           Setting{c10::kCUDA, Precision::kBf16, kBf16Values,
                                                   kBf16Gradients, 30, kWide}),
                         [](const auto& setting) { return name_of(setting.param); });

TEST(DeviceVit, IsNamedAfterItsDeviceAndPrecision) {
    const Case drawn(0);
    EXPECT_EQ(DeviceVit(*drawn.plain, {.precision = Precision::kBf16}).name(), "cpu-bf16");
}

TEST(DeviceVit, LeavesThePlainVitAsItWas) {
    const Case drawn(0);
    const Tensor before = drawn.plain->cls(drawn.images);
    const DeviceVit vit(*drawn.plain, {.precision = Precision::kBf16});
    EXPECT_TRUE(drawn.plain->cls(drawn.images).equal(before));
}

TEST(DeviceVit, TakesSoManyTestImagesAtOnceAsFitIntoTheMemory) {
    const backbone::Geometry vit_b{
        .name = "ViT-B_16", .patch = 16, .width = 768, .mlp = 3072, .heads = 12, .blocks = 12};
    // Eight copies of the image, 4.8 MB, and 261 rows of 2 * 3072 + 8 * 768 numbers, 12.8 MB.
    constexpr std::int64_t kGigabyte = 1'000'000'000;
    EXPECT_EQ(images_that_fit(vit_b, 224, Precision::kFp32, kGigabyte), 56);
    EXPECT_EQ(images_that_fit(vit_b, 224, Precision::kBf16, kGigabyte), 89);
    EXPECT_EQ(images_that_fit(vit_b, 224, Precision::kFp32, 0), 0);
    EXPECT_EQ(images_that_fit(vit_b, 224, Precision::kFp32, 100 * kGigabyte), 1000);
}

TEST(Gpu, IsRefusedInOneSentenceWhereThereIsNone) {
    if (tensor::has_gpu()) GTEST_SKIP() << "there is one";
    const std::string message = message_of<Error>([] { tensor::open_gpu(); });
    EXPECT_THAT(message, ::testing::HasSubstr("device \"cuda\""));
    EXPECT_THAT(message, ::testing::HasSubstr("LibTorch"));
}

}  // namespace
}  // namespace promptcl::vit
