// GELU, layer normalisation and products, against the same in double precision.
#include "promptcl/core/rng.h"

#include "tests/engine/every_isa.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

namespace promptcl::engine {
namespace {

using Elementwise = EveryIsa;
INSTANTIATE_TEST_SUITE_P(On, Elementwise, testing::ValuesIn(usable_isas()), isa_name);

std::vector<float> normals(std::int64_t n, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<float> values(n);
    for (float& value : values)
        value = static_cast<float>(rng.normal());
    return values;
}

double gelu_of(double x, Gelu form) {
    if (form == Gelu::kErf) return 0.5 * x * std::erfc(-x / std::numbers::sqrt2);
    return x / (1 + std::exp(-2 * std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

double slope_of(double x, Gelu form) {
    constexpr double kStep = 1e-5;
    return (gelu_of(x + kStep, form) - gelu_of(x - kStep, form)) / (2 * kStep);
}

TEST_P(Elementwise, GeluAndItsSlopeAreThoseOfTheFormula) {
    std::vector<float> points;
    for (int i = -13001; i <= 13001; ++i)
        points.push_back(static_cast<float>(i) / 1000);
    const auto n = static_cast<std::int64_t>(points.size());
    for (const Gelu form : {Gelu::kTanh, Gelu::kErf}) {
        auto plain = points, value = points;
        std::vector<float> slope(n);
        kernels_.gelu(plain.data(), n, form);
        kernels_.gelu_with_slope(value.data(), slope.data(), n, form);
        for (std::int64_t i = 0; i < n; ++i) {
            const double x = points[i], expected = gelu_of(x, form);
            ASSERT_NEAR(plain[i], expected, 1e-7 + 1.5e-7 * std::abs(expected)) << x;
            ASSERT_EQ(plain[i], value[i]) << x;
            ASSERT_NEAR(slope[i], slope_of(x, form), 4e-7) << x;
        }
    }
}

TEST_P(Elementwise, GeluOfExtremeNumbersIsFinite) {
    for (const Gelu form : {Gelu::kTanh, Gelu::kErf}) {
        for (const float x : {40.F, 1e4F, 1e10F}) {
            std::vector<float> value = {x, -x}, slope(2);
            kernels_.gelu_with_slope(value.data(), slope.data(), 2, form);
            EXPECT_EQ(value[0], x);
            EXPECT_NEAR(value[1], 0, 1e-20);
            EXPECT_EQ(slope[0], 1);
            EXPECT_NEAR(slope[1], 0, 1e-20);
        }
    }
}

TEST_P(Elementwise, GeluKeepsANaN) {
    for (const Gelu form : {Gelu::kTanh, Gelu::kErf}) {
        std::vector<float> value(3, std::numeric_limits<float>::quiet_NaN());
        kernels_.gelu(value.data(), 3, form);
        EXPECT_TRUE(std::isnan(value[0]) && std::isnan(value[2]));
    }
}

TEST_P(Elementwise, OnlyTheNumbersGivenAreTouched) {
    for (std::int64_t n = 0; n < 40; ++n) {
        auto x = normals(n + 1, 1), slope = normals(n + 1, 2);
        const float x_end = x.back(), slope_end = slope.back();
        kernels_.gelu(x.data(), n, Gelu::kErf);
        kernels_.gelu_with_slope(x.data(), slope.data(), n, Gelu::kTanh);
        kernels_.multiply(x.data(), slope.data(), n);
        EXPECT_EQ(x.back(), x_end);
        EXPECT_EQ(slope.back(), slope_end);
    }
}

TEST_P(Elementwise, MultiplyMultiplies) {
    auto x = normals(101, 1);
    const auto before = x, y = normals(101, 2);
    kernels_.multiply(x.data(), y.data(), 101);
    for (std::size_t i = 0; i < x.size(); ++i)
        EXPECT_EQ(x[i], before[i] * y[i]);
}

const std::vector<std::int64_t> kWidths = {1, 3, 16, 17, 64, 100, 192, 768, 1023};

TEST_P(Elementwise, NormalizeGivesRowsOfMeanZeroAndVarianceOne) {
    for (const std::int64_t width : kWidths) {
        const std::int64_t rows = 5;
        const auto noise = normals(rows * width, 3);
        std::vector<float> x = noise, normal(rows * width), rstd(rows);
        for (float& value : x)
            value = 100 + 3 * value;  // a mean far from zero
        kernels_.normalize(x.data(), rows, width, normal.data(), rstd.data());
        for (std::int64_t r = 0; r < rows; ++r) {
            const float* row = x.data() + r * width;
            double mean = 0, variance = 0;
            for (std::int64_t i = 0; i < width; ++i)
                mean += row[i] / static_cast<double>(width);
            for (std::int64_t i = 0; i < width; ++i)
                variance += (row[i] - mean) * (row[i] - mean) / static_cast<double>(width);
            const double expected = 1 / std::sqrt(variance + 1e-6);
            ASSERT_NEAR(rstd[r], expected, 2e-5 * expected) << width;
            for (std::int64_t i = 0; i < width; ++i)
                ASSERT_NEAR(normal[r * width + i], (row[i] - mean) * expected, 1e-4) << width;
        }
        kernels_.normalize(x.data(), rows, width, x.data(), rstd.data());
        EXPECT_EQ(x, normal) << "in place, width " << width;
    }
}

TEST_P(Elementwise, TheGradientOfNormalizeIsAddedToWhatIsThere) {
    for (const std::int64_t width : kWidths) {
        const std::int64_t rows = 4;
        const auto d_normal = normals(rows * width, 4), normal = normals(rows * width, 5),
                   rstd = normals(rows, 6), before = normals(rows * width, 7);
        auto dx = before;
        kernels_.normalize_backward(d_normal.data(), normal.data(), rstd.data(), rows, width,
                                    dx.data());
        for (std::int64_t r = 0; r < rows; ++r) {
            double mean = 0, product = 0;
            for (std::int64_t i = r * width; i < (r + 1) * width; ++i) {
                mean += static_cast<double>(d_normal[i]) / static_cast<double>(width);
                product +=
                    static_cast<double>(d_normal[i]) * normal[i] / static_cast<double>(width);
            }
            for (std::int64_t i = r * width; i < (r + 1) * width; ++i) {
                const double expected =
                    before[i] + rstd[r] * (d_normal[i] - mean - normal[i] * product);
                ASSERT_NEAR(dx[i], expected, 3e-6 * (1 + std::abs(expected))) << width;
            }
        }
    }
}

}  // namespace
}  // namespace promptcl::engine
