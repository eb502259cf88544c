#include "promptcl/engine/linear.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fmt/format.h>
#include <thread>
#include <tuple>
#include <vector>

namespace promptcl::engine {
namespace {

using testing::Each;
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

    FrozenLinear frozen(const FrozenLinear::With& with) const {
        return {weight, bias, in, out, FrozenLinear::Passes::kBoth, with};
    }
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

class LinearOnEveryIsa : public testing::TestWithParam<std::tuple<Isa, Size>> {
  protected:
    const Size size_ = std::get<Size>(GetParam());
    const Layer layer_{size_.in, size_.out};
    FloatArena memory_;
    const FrozenLinear frozen_ = layer_.frozen({memory_, kernels(std::get<Isa>(GetParam()))});
};

TEST_P(LinearOnEveryIsa, GivesTheSumsOfItsDefinition) {
    const auto [in, out, rows] = size_;
    const auto x = random_floats(rows * in, "x"), before = random_floats(rows * out, "before");
    std::vector<float> y(before.size()), added = before;
    frozen_.apply(x.data(), rows, y.data());
    frozen_.add(x.data(), rows, added.data());
    const double tolerance = kTolerancePerTerm * static_cast<double>(in + 2);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t o = 0; o < out; ++o) {
            const double want = layer_.forward(x, row, o);
            ASSERT_NEAR(y[row * out + o], want, tolerance) << row << ", " << o;
            ASSERT_NEAR(added[row * out + o], want + before[row * out + o], tolerance);
        }
    }
}

TEST_P(LinearOnEveryIsa, GivesTheGradientOfItsInput) {
    const auto [in, out, rows] = size_;
    const auto dy = random_floats(rows * out, "dy");
    std::vector<float> dx(static_cast<std::size_t>(rows * in));
    frozen_.apply_transposed(dy.data(), rows, dx.data());
    const double tolerance = kTolerancePerTerm * static_cast<double>(out + 2);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t i = 0; i < in; ++i)
            ASSERT_NEAR(dx[row * in + i], layer_.transposed(dy, row, i), tolerance)
                << row << ", " << i;
    }
}

TEST_P(LinearOnEveryIsa, GivesARowTheSameBitsWhateverRowsComeWithIt) {
    const auto [in, out, rows] = size_;
    const auto x = random_floats(rows * in, "x");
    std::vector<float> together(static_cast<std::size_t>(rows * out)), alone(together.size());
    frozen_.apply(x.data(), rows, together.data());
    for (std::int64_t row = 0; row < rows; ++row)
        frozen_.apply(x.data() + row * in, 1, alone.data() + row * out);
    EXPECT_EQ(together, alone);
}

TEST_P(LinearOnEveryIsa, WritesNothingBesideItsResult) {
    const auto [in, out, rows] = size_;
    const auto x = random_floats(rows * in, "x");
    std::vector<float> y(static_cast<std::size_t>(rows * out + 64), 7.0F);
    frozen_.apply(x.data(), rows, y.data() + 32);
    EXPECT_THAT(std::vector<float>(y.begin(), y.begin() + 32), Each(7.0F));
    EXPECT_THAT(std::vector<float>(y.end() - 32, y.end()), Each(7.0F));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, LinearOnEveryIsa,
    testing::Combine(testing::ValuesIn(usable_isas()),
                     testing::Values(Size{1, 1, 1}, Size{3, 5, 2}, Size{13, 7, 9}, Size{16, 8, 4},
                                     Size{48, 20, 1}, Size{64, 192, 17}, Size{192, 100, 50},
                                     Size{768, 64, 3}, Size{40, 768, 222}, Size{1000, 33, 29},
                                     Size{1537, 48, 14}, Size{12, 40, 700})),
    [](const auto& of) {
        const Size& size = std::get<Size>(of.param);
        return fmt::format("{}_{}_rows_{}_to_{}", name_of(std::get<Isa>(of.param)), size.rows,
                           size.in, size.out);
    });

TEST(FrozenLinear, DoesNothingWithNoRows) {
    FloatArena memory;
    const FrozenLinear frozen = Layer{4, 3}.frozen({memory});
    frozen.apply(nullptr, 0, nullptr);
    frozen.apply_transposed(nullptr, 0, nullptr);
}

TEST(FrozenLinear, MayHaveNoBias) {
    const std::vector<float> weight = {1, 2, 3, 4}, x = {10, 1};
    FloatArena memory;
    const FrozenLinear frozen(weight, {}, 2, 2, FrozenLinear::Passes::kForward, {memory});
    std::vector<float> y(2);
    frozen.apply(x.data(), 1, y.data());
    EXPECT_THAT(y, Pointwise(FloatEq(), {12.0F, 34.0F}));
}

TEST(FrozenLinear, NeedsBothPassesForGradients) {
    const std::vector<float> weight = {1, 2};
    FloatArena memory;
    const FrozenLinear frozen(weight, {}, 2, 1, FrozenLinear::Passes::kForward, {memory});
    float dy = 1;
    std::vector<float> dx(2);
    EXPECT_THROW(frozen.apply_transposed(&dy, 1, dx.data()), Bug);
}

TEST(FrozenLinear, RefusesWeightsOfAnotherSize) {
    const std::vector<float> weight(6), bias(2);
    FloatArena memory;
    const FrozenLinear::With with{memory};
    using enum FrozenLinear::Passes;
    EXPECT_THROW(FrozenLinear(weight, bias, 2, 2, kForward, with), Bug);
    EXPECT_THROW(FrozenLinear(weight, bias, 2, 3, kForward, with), Bug);
}

TEST(FrozenLinear, KeepsItsWeightsWhenTheGivenOnesAreGone) {
    FloatArena memory;
    Layer layer{8, 4};
    const FrozenLinear frozen = layer.frozen({memory});
    const auto x = random_floats(8, "x");
    std::vector<float> before(4), after(4);
    frozen.apply(x.data(), 1, before.data());
    std::fill(layer.weight.begin(), layer.weight.end(), 0.0F);
    std::fill(layer.bias.begin(), layer.bias.end(), 0.0F);
    frozen.apply(x.data(), 1, after.data());
    EXPECT_EQ(before, after);
}

TEST(FrozenLinear, GivesTheSameBitsToEveryThreadThatAsks) {
    FloatArena memory;
    const std::int64_t rows = 37;
    const Layer layer{96, 80};
    const FrozenLinear frozen = layer.frozen({memory});
    const auto x = random_floats(rows * layer.in, "x");
    std::vector<float> want(rows * layer.out);
    frozen.apply(x.data(), rows, want.data());
    std::vector<std::vector<float>> results(4, std::vector<float>(want.size()));
    {
        std::vector<std::jthread> threads;
        for (auto& result : results) {
            threads.emplace_back([&] {
                for (std::int64_t few = 1; few <= rows; ++few)
                    frozen.apply(x.data(), few, result.data());
            });
        }
    }
    for (const auto& result : results)
        EXPECT_EQ(result, want);
}

}  // namespace
}  // namespace promptcl::engine
