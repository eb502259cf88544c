#include "promptcl/vit/vit.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>

#include <cmath>

namespace promptcl::vit {
namespace {

constexpr double kNormEpsilon = 1e-6;

}  // namespace

void Tokens::insert(const Tensor& more, Placement placement) {
    tensor::expect_shape(more, {all.size(0), -1, all.size(2)}, "prepended prompts");
    if (placement == Placement::kAfterCls) {
        all = at::cat({all.narrow(1, 0, 1), more, all.slice(1, /*start=*/1)}, 1);
    } else {
        all = at::cat({more, all}, 1);
        cls += more.size(1);
    }
    prompts += more.size(1);
}

Rows Tokens::rows(Readout readout) const {
    switch (readout) {
        case Readout::kToken:
            return {cls, 1};
        case Readout::kPrompt:
            return {first_prompt(), prompts};
        case Readout::kTokenPrompt:
            return {0, prompts + 1};
        case Readout::kGap:
            return {0, all.size(1)};
    }
    throw Bug("a readout that does not exist");
}

Tensor Tokens::read(Readout readout) const {
    const auto [first, count] = rows(readout);
    return all.narrow(1, first, count).mean(1);
}

Vit::Vit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, Gelu gelu)
    : geometry_(checkpoint.survey.geometry),
      input_size_(input_size),
      gelu_(gelu),
      weights_(read_weights(checkpoint, input_size)) {}

Vit Vit::with(Weights weights) const {
    Vit other = *this;
    other.weights_ = std::move(weights);
    return other;
}

Tensor Vit::patches(const Tensor& images) const {
    tensor::expect_shape(images, {-1, 3, input_size_, input_size_}, "images");
    const Tensor grid = at::conv2d(images, weights_.embedding_weight, weights_.embedding_bias,
                                   geometry_.patch);  // [B, D, g, g]
    return grid.flatten(2).transpose(1, 2);
}

Tensor Vit::embed(const Tensor& images) const {
    const Tensor cls = weights_.cls.expand({images.size(0), 1, geometry_.width});
    return at::cat({cls, patches(images)}, 1) + weights_.position;
}

Tensor Vit::norm(const Norm& norm, const Tensor& x) const {
    return at::layer_norm(x, {geometry_.width}, norm.scale, norm.bias, kNormEpsilon);
}

Tensor Vit::attention(const BlockWeights& block, const Tensor& x, const Prefix* prefix) const {
    const std::int64_t batch = x.size(0), length = x.size(1), heads = geometry_.heads,
                       e = geometry_.head_width();
    // [3, B, H, T, E]
    const Tensor qkv = at::linear(x, block.qkv.weight, block.qkv.bias)
                           .reshape({batch, length, 3, heads, e})
                           .permute({2, 0, 3, 1, 4});
    const Tensor query = qkv[0] * (1.0 / std::sqrt(static_cast<double>(e)));
    Tensor key = qkv[1], value = qkv[2];
    if (prefix) {
        tensor::expect_shape(prefix->key, {batch, -1, heads, e}, "prefix key");
        key = at::cat({prefix->key.transpose(1, 2), key}, 2);
        value = at::cat({prefix->value.transpose(1, 2), value}, 2);
    }
    const Tensor weights =
        at::softmax(at::matmul(query, key.transpose(-2, -1)), -1);  // [B, H, T, T + n]
    const Tensor mixed =
        at::matmul(weights, value).transpose(1, 2).reshape({batch, length, geometry_.width});
    return at::linear(mixed, block.out.weight, block.out.bias);
}

Tensor Vit::dropped(const Tensor& x, const Dropout& dropout) const {
    if (!dropout || geometry_.dropout == 0.0) return x;
    const double keep = 1.0 - geometry_.dropout;
    return x * (at::bernoulli(at::full_like(x, keep), *dropout) / keep);
}

Tensor Vit::apply(const BlockWeights& block, const Tensor& input, const Prefix* prefix,
                  const Dropout& dropout) const {
    const Tensor x = input + dropped(attention(block, norm(block.norm1, input), prefix), dropout);
    const Tensor hidden = at::linear(norm(block.norm2, x), block.fc1.weight, block.fc1.bias);
    const Tensor active =
        dropped(at::gelu(hidden, gelu_ == Gelu::kTanh ? "tanh" : "none"), dropout);
    return x + dropped(at::linear(active, block.fc2.weight, block.fc2.bias), dropout);
}

Tokens Vit::forward(const Tensor& images, const Injection& injection,
                    std::optional<at::Generator> dropout) const {
    Tokens tokens{.all = dropped(embed(images), dropout)};
    for (std::int64_t i = 0; i < geometry_.blocks; ++i) {
        if (const auto prompts = injection.prepend.find(i); prompts != injection.prepend.end()) {
            const Tensor& rows = prompts->second;
            tokens.insert(injection.cls_position ? rows + weights_.position.narrow(1, 0, 1) : rows,
                          injection.placement);
        }
        const auto prefix = injection.prefix.find(i);
        tokens.all = apply(weights_.blocks[static_cast<std::size_t>(i)], tokens.all,
                           prefix == injection.prefix.end() ? nullptr : &prefix->second, dropout);
    }
    tokens.all = norm(weights_.encoder_norm, tokens.all);
    return tokens;
}

std::vector<Tensor> Vit::trace(const Tensor& images) const {
    std::vector<Tensor> states{embed(images)};
    for (const BlockWeights& block : weights_.blocks)
        states.push_back(apply(block, states.back(), nullptr, {}));
    return states;
}

Tensor Vit::cls(const Tensor& images) const {
    return forward(images, {}).all.select(1, 0);
}

Tensor Vit::features(const Tensor& images, const Injection& injection, Readout readout) const {
    return forward(images, injection).read(readout);
}

}  // namespace promptcl::vit
