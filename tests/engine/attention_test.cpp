// Attention of one image, forward and backward, against double precision.
#include "tests/engine/attention_problem.h"
#include "tests/engine/every_isa.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace promptcl::engine {
namespace {

using AttentionKernels = EveryIsa;
INSTANTIATE_TEST_SUITE_P(On, AttentionKernels, testing::ValuesIn(usable_isas()), isa_name);

/// ViT-like, odd and tiny ones; those with fewer queries than keys are last blocks.
const std::vector<AttentionShape> kShapes = {
    {1, 1, 1, 1, 0},     {1, 1, 1, 1, 1},       {2, 3, 5, 5, 2},      {3, 16, 17, 17, 0},
    {2, 64, 50, 50, 5},  {1, 64, 197, 197, 20}, {1, 64, 222, 222, 0}, {2, 80, 65, 65, 1},
    {1, 33, 31, 31, 70}, {2, 64, 1, 60, 7},     {2, 5, 9, 30, 0},     {1, 24, 130, 131, 3},
    {2, 32, 33, 33, 15}};

std::string name_of(const AttentionShape& shape) {
    return std::to_string(shape.heads) + " heads of " + std::to_string(shape.head_width) + ", " +
           std::to_string(shape.queries) + " queries, " + std::to_string(shape.keys) + " keys, " +
           std::to_string(shape.prefix) + " of prefix";
}

/// The rows [from, from + count) of a dense matrix are the exact ones shifted by `shift` rows.
void expect_rows(const std::vector<float>& got, const std::vector<double>& expected,
                 std::int64_t width, RowRange rows, std::int64_t shift, const std::string& what) {
    double largest = 1;
    for (const double value : expected)
        largest = std::max(largest, std::abs(value));
    const auto total = static_cast<std::int64_t>(got.size()) / width;
    for (std::int64_t row = 0; row < total; ++row) {
        const bool wanted = row >= rows.first && row < rows.first + rows.count;
        for (std::int64_t c = 0; c < width; ++c) {
            const float value = got[row * width + c];
            if (wanted) {
                ASSERT_NEAR(value, expected[(row + shift) * width + c], 3e-6 * largest)
                    << what << ", row " << row << ", column " << c;
            } else {
                ASSERT_EQ(value, kUntouched) << what << ", row " << row << " is not wanted";
            }
        }
    }
}

void expect_answer(const AttentionProblem& problem, const AttentionAnswer& got, RowRange rows,
                   const std::string& name) {
    const ExactAttention expected = exact(problem);
    const std::int64_t width = problem.width, prefix = problem.shape.prefix,
                       queries = problem.shape.queries;
    const RowRange every_query = {0, queries};
    expect_rows(got.out, expected.out, width, every_query, 0, name + ": out");
    expect_rows(got.log_sum, expected.log_sum, 1, {0, problem.shape.heads * queries}, 0,
                name + ": log_sum");
    const bool last_block = queries < problem.shape.keys && rows.count > 0;
    expect_rows(got.d_q, expected.d_q, width, last_block ? every_query : rows, 0, name + ": d_q");
    expect_rows(got.d_k, expected.d_k, width, rows, prefix, name + ": d_k");
    expect_rows(got.d_v, expected.d_v, width, rows, prefix, name + ": d_v");
    expect_rows(got.d_prefix_key, expected.d_k, width, {0, prefix}, 0, name + ": d_prefix_key");
    expect_rows(got.d_prefix_value, expected.d_v, width, {0, prefix}, 0, name + ": d_prefix_value");
}

TEST_P(AttentionKernels, TheAnswerAndItsGradientAreThoseOfTheFormulas) {
    for (const AttentionShape& shape : kShapes) {
        const AttentionProblem problem(shape, 1);
        const auto got =
            run(kernels_, problem, problem.all_rows(), std::numeric_limits<float>::quiet_NaN());
        expect_answer(problem, got, problem.all_rows(), name_of(shape));
    }
}

TEST_P(AttentionKernels, GradientsOfSomeRowsAreThoseAndNoOthers) {
    for (const AttentionShape& shape : kShapes) {
        const AttentionProblem problem(shape, 1);
        const std::int64_t keys = shape.keys;
        for (const RowRange rows : {RowRange{0, 0}, RowRange{0, (keys + 1) / 2},
                                    RowRange{keys / 3, (keys + 2) / 3}, RowRange{keys - 1, 1}}) {
            const auto got = run(kernels_, problem, rows, std::numeric_limits<float>::quiet_NaN());
            expect_answer(problem, got, rows,
                          name_of(shape) + ", " + std::to_string(rows.count) + " rows from " +
                              std::to_string(rows.first));
        }
    }
}

TEST_P(AttentionKernels, ExtremeLogitsGiveTheRowOfTheLargest) {
    const AttentionProblem problem({2, 64, 40, 40, 3}, 1e5F);
    const auto got =
        run(kernels_, problem, problem.all_rows(), std::numeric_limits<float>::quiet_NaN());
    const ExactAttention expected = exact(problem);
    expect_rows(got.out, expected.out, problem.width, {0, 40}, 0, "out");
    for (const auto* gradient : {&got.d_q, &got.d_k, &got.d_v, &got.d_prefix_key})
        for (const float value : *gradient)
            ASSERT_TRUE(std::isfinite(value));
}

TEST_P(AttentionKernels, TheSameCallGivesTheSameBitsWhateverTheScratchHeld) {
    const AttentionProblem problem({2, 64, 61, 61, 6}, 1);
    const auto once = run(kernels_, problem, {5, 20}, 0);
    const auto again = run(kernels_, problem, {5, 20}, -1e30F);
    EXPECT_EQ(once.out, again.out);
    EXPECT_EQ(once.d_q, again.d_q);
    EXPECT_EQ(once.d_k, again.d_k);
    EXPECT_EQ(once.d_v, again.d_v);
    EXPECT_EQ(once.d_prefix_value, again.d_prefix_value);
}

TEST_P(AttentionKernels, TheGradientMayReplaceWhatItIsTheGradientOf) {
    AttentionProblem problem({2, 16, 61, 61, 6}, 1);
    const std::int64_t width = problem.width, stride = problem.stride;
    for (const RowRange rows : {problem.all_rows(), RowRange{5, 20}}) {
        const auto expected = run(kernels_, problem, rows, 0);
        auto q = problem.q, kv = problem.kv;
        Attention inputs = problem.inputs();
        inputs.q = q.data();
        inputs.k = kv.data() + width;
        inputs.v = kv.data() + 2 * width;
        std::vector<float> d_prefix_key(6 * width), d_prefix_value(6 * width),
            scratch(attention_scratch(inputs));
        kernels_.attention_backward(inputs,
                                    {.out = expected.out.data(),
                                     .d_out = problem.d_out.data(),
                                     .out_stride = width,
                                     .log_sum = expected.log_sum.data(),
                                     .rows = rows,
                                     .d_q = q.data(),
                                     .d_k = kv.data() + width,
                                     .d_v = kv.data() + 2 * width,
                                     .d_q_stride = stride,
                                     .d_k_stride = stride,
                                     .d_v_stride = stride,
                                     .d_prefix_key = d_prefix_key.data(),
                                     .d_prefix_value = d_prefix_value.data()},
                                    scratch.data());
        EXPECT_EQ(d_prefix_key, expected.d_prefix_key);
        EXPECT_EQ(d_prefix_value, expected.d_prefix_value);
        for (std::int64_t row = rows.first; row < rows.first + rows.count; ++row) {
            for (std::int64_t c = 0; c < width; ++c) {
                ASSERT_EQ(q[row * stride + c], expected.d_q[row * width + c]);
                ASSERT_EQ(kv[row * stride + width + c], expected.d_k[row * width + c]);
                ASSERT_EQ(kv[row * stride + 2 * width + c], expected.d_v[row * width + c]);
            }
        }
    }
}

TEST_P(AttentionKernels, TheLogSumCanBeLeftOut) {
    const AttentionProblem problem({2, 16, 9, 9, 2}, 1);
    const auto expected = run(kernels_, problem, {0, 0}, 0);
    std::vector<float> out(expected.out.size()), scratch(attention_scratch(problem.inputs()));
    kernels_.attention(problem.inputs(), out.data(), problem.width, nullptr, scratch.data());
    EXPECT_EQ(out, expected.out);
}

TEST(ExactAttentionItself, AgreesWithCentralDifferences) {
    AttentionProblem problem({1, 3, 4, 4, 2}, 1);
    const ExactAttention analytic = exact(problem);
    const auto objective = [&] {
        const auto out = exact(problem).out;
        double sum = 0;
        for (std::size_t i = 0; i < out.size(); ++i)
            sum += out[i] * problem.d_out[i];
        return sum;
    };
    const auto slope = [&](float& at) {
        const float before = at, high = before + 0x1p-10F, low = before - 0x1p-10F;
        at = high;
        const double above = objective();
        at = low;
        const double below = objective();
        at = before;
        return (above - below) / (static_cast<double>(high) - low);
    };
    EXPECT_NEAR(slope(problem.q[problem.stride + 1]), analytic.d_q[3 + 1], 1e-5);
    EXPECT_NEAR(slope(problem.kv[2 * problem.stride + 3]), analytic.d_k[4 * 3], 1e-5);
    EXPECT_NEAR(slope(problem.kv[2 * problem.stride + 6]), analytic.d_v[4 * 3], 1e-5);
    EXPECT_NEAR(slope(problem.prefix_key[3]), analytic.d_k[3], 1e-5);
    EXPECT_NEAR(slope(problem.prefix_value[4]), analytic.d_v[4], 1e-5);
}

}  // namespace
}  // namespace promptcl::engine
