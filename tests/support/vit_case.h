// A ViT, images and prompts of whatever shape these may have, and what a vit::FrozenVit makes of
// them.
#pragma once

#include "promptcl/vit/vit.h"

#include "tests/support/tiny_vit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace promptcl::support {

/// least, least + step, ... 18 of them
struct HeadWidths {
    std::int64_t least = 3, step = 1;
};

/// A ViT, images and an injection, drawn from one seed.
struct VitCase {
    explicit VitCase(std::uint64_t seed, HeadWidths widths = {}) : rng(seed) {
        backbone::Geometry geometry;
        geometry.name = "unlisted";
        geometry.patch = 2 + 2 * below(2);
        geometry.heads = 1 + below(3);
        geometry.width = geometry.heads * (widths.least + widths.step * below(18));
        geometry.mlp = 4 + below(50);
        geometry.blocks = 1 + below(4);
        const std::int64_t grid = 1 + below(4);
        const auto gelu = below(2) == 0 ? vit::Gelu::kTanh : vit::Gelu::kErf;
        checkpoint = random_checkpoint(geometry, grid, rng.fork("vit"));
        plain = std::make_shared<const vit::Vit>(checkpoint, grid * geometry.patch, gelu);
        batch = 1 + below(7);
        threads = 1 + below(3);
        images = draw({batch, 3, plain->input_size(), plain->input_size()}).abs();
        injection.placement =
            below(2) == 0 ? vit::Placement::kBeforeCls : vit::Placement::kAfterCls;
        injection.cls_position = below(2) == 0;
        for (std::int64_t block = 0; block < geometry.blocks; ++block) {
            if (below(3) == 0) add_prepend(block);
            if (below(3) == 0) add_prefix(block);
        }
        if (injection.empty()) add_prefix(below(geometry.blocks));
        readout = injection.prepend.empty() || below(2) == 0
                      ? (below(2) == 0 ? vit::Readout::kToken : vit::Readout::kGap)
                      : (below(2) == 0 ? vit::Readout::kPrompt : vit::Readout::kTokenPrompt);
    }

    Rng rng;
    backbone::Checkpoint checkpoint;
    std::shared_ptr<const vit::Vit> plain;
    std::int64_t batch = 0, threads = 0;
    Tensor images;
    vit::Injection injection;
    std::vector<Tensor> parts;  // of the injection
    vit::Readout readout = vit::Readout::kToken;

  private:
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(bound)));
    }
    Tensor draw(const std::vector<std::int64_t>& shape) {
        std::int64_t count = 1;
        for (const std::int64_t size : shape)
            count *= size;
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values)
            value = static_cast<float>(0.5 * rng.normal());
        return tensor::from_floats(values, shape);
    }
    Tensor part(const std::vector<std::int64_t>& shape) {
        parts.push_back(draw(shape).requires_grad_(true));
        return parts.back();
    }
    void add_prepend(std::int64_t block) {
        injection.prepend[block] = part({batch, 1 + below(5), plain->geometry().width});
    }
    void add_prefix(std::int64_t block) {
        const auto& geometry = plain->geometry();
        const std::int64_t rows = 1 + below(5);
        const auto key = part({batch, rows, geometry.heads, geometry.head_width()});
        injection.prefix[block] = {key, part({batch, rows, geometry.heads, geometry.head_width()})};
    }
};

struct Outcome {
    Tensor features;
    std::vector<Tensor> gradients;
};

/// Features, and the gradient of a loss that weighs every one of them differently.
inline Outcome outcome_of(const vit::FrozenVit& vit, const VitCase& drawn) {
    Outcome outcome{.features = vit.features(drawn.images, drawn.injection, drawn.readout),
                    .gradients = {}};
    const Tensor weights = at::arange(outcome.features.numel()).cos().view_as(outcome.features);
    outcome.gradients = torch::autograd::grad({(outcome.features * weights).sum()}, drawn.parts);
    return outcome;
}

/// No number differs by more than `tolerance` of the largest, or of 1.
inline void expect_near(const Tensor& actual, const Tensor& expected, double tolerance) {
    ASSERT_EQ(actual.sizes(), expected.sizes());
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    EXPECT_LE((actual - expected).abs().max().item<double>(), tolerance * scale);
}

/// The gradients' tolerance is a part of their norm.
inline void expect_near(const Outcome& actual, const Outcome& expected, double values,
                        double gradients) {
    expect_near(actual.features, expected.features, values);
    ASSERT_EQ(actual.gradients.size(), expected.gradients.size());
    for (std::size_t i = 0; i < expected.gradients.size(); ++i) {
        const double norm = expected.gradients[i].norm().item<double>();
        const double off = (actual.gradients[i] - expected.gradients[i]).norm().item<double>();
        EXPECT_LE(off, gradients * norm) << "part " << i;
    }
}

/// For coarse precisions: the gradients' tolerance is a part of the norm of all of them together. A
/// small one, of a key's prefix, is what is left of large terms that cancel, and so is its rounding
/// large beside it; how large depends on the processor.
inline void expect_roughly_near(const Outcome& actual, const Outcome& expected, double values,
                                double gradients) {
    expect_near(actual.features, expected.features, values);
    ASSERT_EQ(actual.gradients.size(), expected.gradients.size());
    double squares = 0;
    for (const Tensor& gradient : expected.gradients)
        squares += gradient.square().sum().item<double>();
    for (std::size_t i = 0; i < expected.gradients.size(); ++i) {
        const double off = (actual.gradients[i] - expected.gradients[i]).norm().item<double>();
        EXPECT_LE(off, gradients * std::sqrt(squares)) << "part " << i;
    }
}

}  // namespace promptcl::support
