#include "promptcl/engine/linear.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

namespace promptcl::engine {
namespace {

using testing::FloatEq;
using testing::Pointwise;

// K products of factors below one, each sum rounded: a part in 2^23 each, at worst all one way.
constexpr double kTolerancePerTerm = 1.2e-7;

std::vector<float> random_floats(std::int64_t count, std::string_view name) {
    Rng rng = Rng(7).fork(name);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values)
        value = static_cast<float>(2 * rng.uniform() - 1);
    return values;
}

/// A layer [in -> out] and the sums that it must give, in double.
struct Layer {
    std::int64_t in, out;
    std::vector<float> weight = random_floats(in * out, "weight");
    std::vector<float> bias = random_floats(out, "bias");

    FrozenLinear frozen() const { return {weight, bias, in, out, FrozenLinear::Passes::kBoth}; }
    double forward(const std::vector<float>& x, std::int64_t row, std::int64_t o) const {
        double sum = bias[o];
        for (std::int64_t i = 0; i < in; ++i)
            sum += double{x[row * in + i]} * weight[o * in + i];
        return sum;
    }
    double transposed(const std::vector<float>& dy, std::int64_t row, std::int64_t i) const {
        double sum = 0;
        for (std::int64_t o = 0; o < out; ++o)
            sum += double{dy[row * out + o]} * weight[o * in + i];
        return sum;
    }
};

struct Size {
    std::int64_t in, out, rows;
};

void PrintTo(const Size& size, std::ostream* os) {
    *os << size.rows << " rows, " << size.in << " -> " << size.out;
}

class LinearOfSize : public testing::TestWithParam<Size> {};

TEST_P(LinearOfSize, GivesTheSumsOfItsDefinition) {
    const auto [in, out, rows] = GetParam();
    const Layer layer{in, out};
    const FrozenLinear frozen = layer.frozen();
    const auto x = random_floats(rows * in, "x"), before = random_floats(rows * out, "before");
    std::vector<float> y(before.size()), added = before;
    frozen.apply(x.data(), rows, y.data());
    frozen.add(x.data(), rows, added.data());
    const double tolerance = kTolerancePerTerm * static_cast<double>(in + 2);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t o = 0; o < out; ++o) {
            const double want = layer.forward(x, row, o);
            ASSERT_NEAR(y[row * out + o], want, tolerance) << row << ", " << o;
            ASSERT_NEAR(added[row * out + o], want + before[row * out + o], tolerance);
        }
    }
}

TEST_P(LinearOfSize, GivesTheGradientOfItsInput) {
    const auto [in, out, rows] = GetParam();
    const Layer layer{in, out};
    const FrozenLinear frozen = layer.frozen();
    const auto dy = random_floats(rows * out, "dy"), before = random_floats(rows * in, "before");
    std::vector<float> dx(before.size()), added = before;
    frozen.apply_transposed(dy.data(), rows, dx.data());
    frozen.add_transposed(dy.data(), rows, added.data());
    const double tolerance = kTolerancePerTerm * static_cast<double>(out + 2);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t i = 0; i < in; ++i) {
            const double want = layer.transposed(dy, row, i);
            ASSERT_NEAR(dx[row * in + i], want, tolerance) << row << ", " << i;
            ASSERT_NEAR(added[row * in + i], want + before[row * in + i], tolerance);
        }
    }
}

TEST_P(LinearOfSize, GivesTheSameWithoutOneDnn) {
    const auto [in, out, rows] = GetParam();
    const Layer layer{in, out};
    const auto portable = pack_portable({layer.weight.data(), in, out, 1, in}, layer.bias);
    const auto x = random_floats(rows * in, "x"), before = random_floats(rows * out, "before");
    std::vector<float> y(before.size()), added = before;
    portable->run(x.data(), rows, y.data(), false);
    portable->run(x.data(), rows, added.data(), true);
    const double tolerance = kTolerancePerTerm * static_cast<double>(in + 2);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t o = 0; o < out; ++o) {
            const double want = layer.forward(x, row, o);
            ASSERT_NEAR(y[row * out + o], want, tolerance) << row << ", " << o;
            ASSERT_NEAR(added[row * out + o], want + before[row * out + o], tolerance);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, LinearOfSize,
                         testing::Values(Size{1, 1, 1}, Size{3, 5, 2}, Size{13, 7, 9},
                                         Size{16, 8, 4}, Size{48, 20, 1}, Size{64, 192, 17},
                                         Size{192, 100, 50}, Size{768, 64, 3}, Size{40, 768, 222}));

TEST(FrozenLinear, DoesNothingWithNoRows) {
    const FrozenLinear frozen = Layer{4, 3}.frozen();
    frozen.apply(nullptr, 0, nullptr);
    frozen.add_transposed(nullptr, 0, nullptr);
}

TEST(FrozenLinear, MayHaveNoBias) {
    const std::vector<float> weight = {1, 2, 3, 4}, x = {10, 1};
    const FrozenLinear frozen(weight, {}, 2, 2, FrozenLinear::Passes::kForward);
    std::vector<float> y(2);
    frozen.apply(x.data(), 1, y.data());
    EXPECT_THAT(y, Pointwise(FloatEq(), {12.0F, 34.0F}));
}

TEST(FrozenLinear, NeedsBothPassesForGradients) {
    const std::vector<float> weight = {1, 2};
    const FrozenLinear frozen(weight, {}, 2, 1, FrozenLinear::Passes::kForward);
    float dy = 1;
    std::vector<float> dx(2);
    EXPECT_THROW(frozen.apply_transposed(&dy, 1, dx.data()), Bug);
    EXPECT_THROW(frozen.add_transposed(&dy, 1, dx.data()), Bug);
}

TEST(FrozenLinear, RefusesWeightsOfAnotherSize) {
    const std::vector<float> weight(6), bias(2);
    using enum FrozenLinear::Passes;
    EXPECT_THROW(FrozenLinear(weight, bias, 2, 2, kForward), Bug);
    EXPECT_THROW(FrozenLinear(weight, bias, 2, 3, kForward), Bug);
}

TEST(FrozenLinear, KeepsItsWeightsWhenTheGivenOnesAreGone) {
    Layer layer{8, 4};
    const FrozenLinear frozen = layer.frozen();
    const auto x = random_floats(8, "x");
    std::vector<float> before(4), after(4);
    frozen.apply(x.data(), 1, before.data());
    std::fill(layer.weight.begin(), layer.weight.end(), 0.0F);
    std::fill(layer.bias.begin(), layer.bias.end(), 0.0F);
    frozen.apply(x.data(), 1, after.data());
    EXPECT_EQ(before, after);
}

TEST(FrozenLinear, GivesTheSameBitsToEveryThreadThatAsks) {
    const std::int64_t rows = 37;
    const Layer layer{96, 80};
    const FrozenLinear frozen = layer.frozen();
    const auto x = random_floats(rows * layer.in, "x");
    std::vector<float> want(rows * layer.out);
    frozen.apply(x.data(), rows, want.data());
    std::vector<std::vector<float>> results(4, std::vector<float>(want.size()));
    {
        std::vector<std::jthread> threads;
        for (auto& result : results) {
            threads.emplace_back([&] {
                for (std::int64_t few = 1; few <= rows; ++few)  // each number of rows is new to one
                    frozen.apply(x.data(), few, result.data());
            });
        }
    }
    for (const auto& result : results)
        EXPECT_EQ(result, want);
}

}  // namespace
}  // namespace promptcl::engine
