// The Vision Transformer, beside straight loops in double and by its rules.
#include "promptcl/vit/vit.h"

#include "promptcl/core/error.h"

#include "tests/support/naive_vit.h"
#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

namespace promptcl::vit {
namespace {

using support::kTinyImage;
using support::NaiveInjection;
using support::NaiveTokens;
using support::NaiveVit;
using support::Row;
using support::Rows;

/// float32 keeps 7 digits; a few blocks of sums over some ten terms cost one or two of them.
constexpr double kFloatTolerance = 1e-5;

Row image_row(const Tensor& images, std::int64_t index) {
    return tensor::to_doubles(images.select(0, index));
}

/// Rows [B][T][D] against a tensor [B, T, D].
void expect_rows(const Tensor& actual, const std::vector<Rows>& expected) {
    ASSERT_EQ(actual.size(0), static_cast<std::int64_t>(expected.size()));
    for (std::size_t b = 0; b < expected.size(); ++b) {
        ASSERT_EQ(actual.size(1), static_cast<std::int64_t>(expected[b].size()));
        for (std::size_t t = 0; t < expected[b].size(); ++t) {
            const auto row = tensor::to_doubles(actual.select(0, static_cast<std::int64_t>(b))
                                                    .select(0, static_cast<std::int64_t>(t)));
            for (std::size_t d = 0; d < row.size(); ++d)
                EXPECT_NEAR(row[d], expected[b][t][d], kFloatTolerance)
                    << b << "," << t << "," << d;
        }
    }
}

/// [B, n, ...] random rows around 0.
Tensor rows_of(std::initializer_list<std::int64_t> shape, std::uint64_t seed) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    Rng rng(seed);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values)
        value = static_cast<float>(0.5 * rng.normal());
    return tensor::from_floats(values, shape);
}

Rows naive_rows(const Tensor& rows, std::int64_t image) {
    Rows result;
    for (std::int64_t t = 0; t < rows.size(1); ++t)
        result.push_back(tensor::to_doubles(rows.select(0, image).select(0, t)));
    return result;
}

TEST(Vit, ComputesWhatStraightLoopsCompute) {
    for (const Gelu gelu : {Gelu::kTanh, Gelu::kErf}) {
        const auto checkpoint = support::tiny_checkpoint(3);
        const Vit vit(checkpoint, kTinyImage, gelu);
        const NaiveVit naive(checkpoint, kTinyImage, gelu == Gelu::kErf);
        const Tensor images = support::tiny_images(2, 4);
        std::vector<Rows> tokens, patches;
        for (std::int64_t b = 0; b < 2; ++b) {
            tokens.push_back(naive.forward(image_row(images, b), {}).rows);
            patches.push_back(naive.patches(image_row(images, b)));
        }
        expect_rows(vit.forward(images, {}).all, tokens);
        expect_rows(vit.patches(images), patches);
        expect_rows(vit.cls(images).unsqueeze(1), {{tokens[0][0]}, {tokens[1][0]}});
    }
}

TEST(Vit, ComputesWhatStraightLoopsComputeWithTokensAndPrefixesAtOnce) {
    const auto checkpoint = support::tiny_checkpoint(3);
    const Vit vit(checkpoint, kTinyImage, Gelu::kTanh);
    const NaiveVit naive(checkpoint, kTinyImage, false);
    const Tensor images = support::tiny_images(2, 4);
    Injection injection;
    injection.prepend = {{0, rows_of({2, 3, 8}, 5)}, {1, rows_of({2, 1, 8}, 6)}};
    injection.prefix = {{1, {rows_of({2, 2, 2, 4}, 7), rows_of({2, 2, 2, 4}, 8)}},
                        {2, {rows_of({2, 4, 2, 4}, 9), rows_of({2, 4, 2, 4}, 10)}}};
    std::vector<Rows> expected;
    for (std::int64_t b = 0; b < 2; ++b) {
        NaiveInjection own;
        for (const auto& [layer, rows] : injection.prepend)
            own.tokens[layer] = naive_rows(rows, b);
        for (const auto& [layer, prefix] : injection.prefix) {
            own.keys[layer] = naive_rows(prefix.key.flatten(2), b);
            own.values[layer] = naive_rows(prefix.value.flatten(2), b);
        }
        expected.push_back(naive.forward(image_row(images, b), own).rows);
    }
    const Tokens tokens = vit.forward(images, injection);
    EXPECT_EQ(tokens.prompts, 4);
    EXPECT_EQ(tokens.cls, 4);
    EXPECT_EQ(tokens.all.size(1), 4 + 1 + 4);
    expect_rows(tokens.all, expected);
}

TEST(Vit, PutsTokensBehindClsWithItsPositionWhenAskedTo) {
    const auto checkpoint = support::tiny_checkpoint(3);
    const Vit vit(checkpoint, kTinyImage, Gelu::kTanh);
    const NaiveVit naive(checkpoint, kTinyImage, false);
    const Tensor images = support::tiny_images(1, 4);
    Injection injection;
    injection.prepend = {{0, rows_of({1, 3, 8}, 5)}, {1, rows_of({1, 1, 8}, 6)}};
    injection.placement = Placement::kAfterCls;
    injection.cls_position = true;
    NaiveInjection own{.after_cls = true, .cls_position = true};
    for (const auto& [layer, rows] : injection.prepend)
        own.tokens[layer] = naive_rows(rows, 0);
    const Tokens tokens = vit.forward(images, injection);
    EXPECT_EQ(tokens.cls, 0);
    EXPECT_EQ(tokens.first_prompt(), 1);
    EXPECT_EQ(tokens.prompts, 4);
    expect_rows(tokens.all, {naive.forward(image_row(images, 0), own).rows});
}

TEST(Vit, DoesNotSeeInWhichOrderTokensStand) {
    const auto vit = support::tiny_backbone(3);
    const Tensor images = support::tiny_images(2, 4);
    Injection injection;
    injection.prepend[0] = rows_of({2, 3, 8}, 5);
    const Tensor before = vit->forward(images, injection).all;
    injection.placement = Placement::kAfterCls;
    const Tensor after = vit->forward(images, injection).all;
    const auto near = [](const Tensor& a, const Tensor& b) {
        return (a - b).abs().max().item<double>() <= kFloatTolerance;
    };
    EXPECT_TRUE(near(after.select(1, 0), before.select(1, 3)));
    EXPECT_TRUE(near(after.narrow(1, 1, 3), before.narrow(1, 0, 3)));
}

TEST(Vit, ResizesThePositionEmbeddingToTheInput) {
    const auto checkpoint = support::tiny_checkpoint(3);  // grid 2
    const Vit vit(checkpoint, 12, Gelu::kTanh);           // grid 3
    const NaiveVit naive(checkpoint, 12, false);
    const Tensor images =
        tensor::from_floats(support::random_images(1, 12, Rng(4)), {1, 3, 12, 12});
    expect_rows(vit.forward(images, {}).all, {naive.forward(image_row(images, 0), {}).rows});
}

TEST(Vit, RefusesAnInputThatPatchesDoNotDivide) {
    EXPECT_THROW(Vit(support::tiny_checkpoint(3), 10, Gelu::kTanh), UsageError);
    EXPECT_THROW(Vit(support::tiny_checkpoint(3), 0, Gelu::kTanh), UsageError);
}

TEST(Vit, RefusesImagesOfAnotherSize) {
    const auto vit = support::tiny_backbone(3);
    EXPECT_THROW(vit->cls(at::zeros({1, 3, 12, 12})), Bug);
    EXPECT_THROW(vit->cls(at::zeros({1, 1, 8, 8})), Bug);
}

TEST(Vit, RefusesPromptsForAnotherNumberOfImages) {
    const auto vit = support::tiny_backbone(3);
    Injection injection;
    injection.prepend[0] = at::zeros({3, 1, 8});
    EXPECT_THROW(vit->forward(support::tiny_images(2, 4), injection), Bug);
}

TEST(Vit, KeepsTheSequenceLengthUnderPrefixes) {
    Injection injection;
    injection.prefix[1] = {rows_of({2, 3, 2, 4}, 5), rows_of({2, 3, 2, 4}, 6)};
    const Tokens tokens = support::tiny_backbone(3)->forward(support::tiny_images(2, 4), injection);
    EXPECT_EQ(tokens.prompts, 0);
    EXPECT_EQ(tokens.all.size(1), 5);
}

TEST(Vit, IsBlindToTheOrderOfPrompts) {
    const auto vit = support::tiny_backbone(3);
    const Tensor images = support::tiny_images(2, 4), prompts = rows_of({2, 3, 8}, 5);
    Injection there, back;
    there.prepend[0] = prompts;
    back.prepend[0] = prompts.flip(1);
    const Tensor a = vit->forward(images, there).all, b = vit->forward(images, back).all;
    EXPECT_LT((a.narrow(1, 3, 5) - b.narrow(1, 3, 5)).abs().max().item<double>(), kFloatTolerance);
    EXPECT_LT((a.narrow(1, 0, 3).flip(1) - b.narrow(1, 0, 3)).abs().max().item<double>(),
              kFloatTolerance);
}

TEST(Vit, LetsEachImageSeeItsOwnPromptsOnly) {
    const auto vit = support::tiny_backbone(3);
    const Tensor images = support::tiny_images(2, 4);
    const Tensor key = rows_of({2, 2, 2, 4}, 5), value = rows_of({2, 2, 2, 4}, 6);
    Tensor other_key = key.clone(), other_value = value.clone();
    other_key.select(0, 1).fill_(3);
    other_value.select(0, 1).fill_(-3);
    Injection a, b;
    a.prefix[0] = {key, value};
    b.prefix[0] = {other_key, other_value};
    const Tensor difference = (vit->forward(images, a).all - vit->forward(images, b).all).abs();
    EXPECT_EQ(difference.select(0, 0).max().item<double>(), 0.0);
    EXPECT_GT(difference.select(0, 1).max().item<double>(), 0.1);
}

// Rows of the result: [two prompts, cls, four patches], or [cls, two prompts, four patches].
TEST(Vit, AveragesTheRowsThatTheReadoutNames) {
    const auto vit = support::tiny_backbone(3);
    const Tensor images = support::tiny_images(2, 4);
    for (const Placement placement : {Placement::kBeforeCls, Placement::kAfterCls}) {
        Injection injection{.placement = placement};
        injection.prepend[0] = rows_of({2, 2, 8}, 5);
        const bool before = placement == Placement::kBeforeCls;
        const Tensor all = vit->forward(images, injection).all;
        const auto read = [&](Readout readout) {
            return vit->features(images, injection, readout);
        };
        const auto is_mean_of = [&](const Tensor& actual, std::int64_t first, std::int64_t count) {
            return at::allclose(actual, all.narrow(1, first, count).sum(1) / count);
        };
        EXPECT_TRUE(is_mean_of(read(Readout::kToken), before ? 2 : 0, 1));
        EXPECT_TRUE(is_mean_of(read(Readout::kPrompt), before ? 0 : 1, 2));
        EXPECT_TRUE(is_mean_of(read(Readout::kTokenPrompt), 0, 3));
        EXPECT_TRUE(is_mean_of(read(Readout::kGap), 0, 7));
    }
}

TEST(Vit, TracesTheInputOfEachBlockAndTheLastOutput) {
    const auto checkpoint = support::tiny_checkpoint(3);
    const Vit vit(checkpoint, kTinyImage, Gelu::kTanh);
    const Tensor images = support::tiny_images(2, 4);
    const auto states = vit.trace(images);
    ASSERT_EQ(states.size(), 4U);
    // Row 0 of the first state is cls plus its position.
    const auto cls = checkpoint.arrays.at("cls").as_double();
    const auto position =
        checkpoint.arrays.at("Transformer/posembed_input/pos_embedding").as_double();
    for (std::int64_t d = 0; d < 8; ++d) {
        const auto i = static_cast<std::size_t>(d);
        EXPECT_NEAR(states[0][1][0][d].item<double>(), cls[i] + position[i], 1e-6);
    }
    // encoder_norm of the last state is the result.
    const Tensor scale = tensor::from_array(checkpoint.arrays.at("Transformer/encoder_norm/scale"));
    const Tensor bias = tensor::from_array(checkpoint.arrays.at("Transformer/encoder_norm/bias"));
    const Tensor normed = at::layer_norm(states.back(), {8}, scale, bias, 1e-6);
    EXPECT_LT((normed - vit.forward(images, {}).all).abs().max().item<double>(), 1e-6);
}

TEST(Vit, DropsOnlyWithAGeneratorAndOnlyInVariantsThatHaveDropout) {
    auto checkpoint = support::tiny_checkpoint(3);
    const Tensor images = support::tiny_images(2, 4);
    const auto generator = [](std::uint64_t seed) {
        return at::make_generator<at::CPUGeneratorImpl>(seed);
    };
    const Vit plain(checkpoint, kTinyImage, Gelu::kTanh);
    EXPECT_TRUE(
        at::equal(plain.forward(images, {}).all, plain.forward(images, {}, generator(1)).all));
    checkpoint.survey.geometry.dropout = 0.1;
    const Vit vit(checkpoint, kTinyImage, Gelu::kTanh);
    EXPECT_TRUE(at::equal(vit.forward(images, {}).all, plain.forward(images, {}).all));
    EXPECT_TRUE(at::equal(vit.forward(images, {}, generator(1)).all,
                          vit.forward(images, {}, generator(1)).all));
    EXPECT_FALSE(at::equal(vit.forward(images, {}, generator(1)).all,
                           vit.forward(images, {}, generator(2)).all));
}

}  // namespace
}  // namespace promptcl::vit
