#include "promptcl/vit/vit.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>

#include <cmath>
#include <fmt/format.h>

namespace promptcl::vit {
namespace {

constexpr double kNormEpsilon = 1e-6;

/// The arrays of one encoder block, arranged for x * W^T.
class BlockReader {
  public:
    BlockReader(const io::ArrayMap& arrays, const backbone::Geometry& geometry, std::int64_t index)
        : arrays_(arrays),
          width_(geometry.width),
          prefix_(fmt::format("Transformer/encoderblock_{}/", index)) {}

    Tensor vector(const std::string& name) const { return array(name).reshape({-1}); }
    /// [in..., out...] of the file as [out, in], where the input has `in` numbers.
    Tensor matrix(const std::string& name, std::int64_t in) const {
        return array(name).reshape({in, -1}).t().contiguous();
    }
    Tensor stacked_kernel() const {
        return at::cat({matrix(kAttention + "query/kernel", width_),
                        matrix(kAttention + "key/kernel", width_),
                        matrix(kAttention + "value/kernel", width_)});
    }
    Tensor stacked_bias() const {
        return at::cat({vector(kAttention + "query/bias"), vector(kAttention + "key/bias"),
                        vector(kAttention + "value/bias")});
    }
    inline static const std::string kAttention = "MultiHeadDotProductAttention_1/";

  private:
    Tensor array(const std::string& name) const {
        return tensor::from_array(arrays_.at(prefix_ + name));
    }

    const io::ArrayMap& arrays_;
    std::int64_t width_;
    std::string prefix_;
};

}  // namespace

Vit::Vit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, Gelu gelu)
    : geometry_(checkpoint.survey.geometry), input_size_(input_size), gelu_(gelu) {
    const std::int64_t patch = geometry_.patch;
    if (input_size < patch || input_size % patch != 0) {
        throw UsageError(fmt::format("input_size {} is no multiple of the patch size {} of {}",
                                     input_size, patch, checkpoint.path.string()),
                         fmt::format("set input_size to a multiple of {}", patch));
    }
    const auto load = [&](const std::string& name) {
        return tensor::from_array(checkpoint.arrays.at(name));
    };
    embedding_weight_ = load("embedding/kernel").permute({3, 2, 0, 1}).contiguous();
    embedding_bias_ = load("embedding/bias");
    cls_ = load("cls");
    const std::int64_t grid = input_size / patch;
    position_ = load("Transformer/posembed_input/pos_embedding");
    if (grid != checkpoint.survey.grid) {
        const auto rows =
            checkpoint.arrays.at("Transformer/posembed_input/pos_embedding").as_float();
        position_ = tensor::from_floats(
            backbone::resize_position_embedding(rows, checkpoint.survey.grid, grid),
            {1, grid * grid + 1, geometry_.width});
    }
    for (std::int64_t i = 0; i < geometry_.blocks; ++i) {
        const BlockReader read(checkpoint.arrays, geometry_, i);
        const std::string out = BlockReader::kAttention + "out/";
        blocks_.push_back({
            .norm1 = {read.vector("LayerNorm_0/scale"), read.vector("LayerNorm_0/bias")},
            .qkv = {read.stacked_kernel(), read.stacked_bias()},
            .out = {read.matrix(out + "kernel", geometry_.width), read.vector(out + "bias")},
            .norm2 = {read.vector("LayerNorm_2/scale"), read.vector("LayerNorm_2/bias")},
            .fc1 = {read.matrix("MlpBlock_3/Dense_0/kernel", geometry_.width),
                    read.vector("MlpBlock_3/Dense_0/bias")},
            .fc2 = {read.matrix("MlpBlock_3/Dense_1/kernel", geometry_.mlp),
                    read.vector("MlpBlock_3/Dense_1/bias")},
        });
    }
    encoder_norm_ = {load("Transformer/encoder_norm/scale"), load("Transformer/encoder_norm/bias")};
}

Tensor Vit::patches(const Tensor& images) const {
    tensor::expect_shape(images, {-1, 3, input_size_, input_size_}, "images");
    const Tensor grid =
        at::conv2d(images, embedding_weight_, embedding_bias_, geometry_.patch);  // [B, D, g, g]
    return grid.flatten(2).transpose(1, 2);
}

Tensor Vit::embed(const Tensor& images) const {
    const Tensor cls = cls_.expand({images.size(0), 1, geometry_.width});
    return at::cat({cls, patches(images)}, 1) + position_;
}

Tensor Vit::norm(const Norm& norm, const Tensor& x) const {
    return at::layer_norm(x, {geometry_.width}, norm.scale, norm.bias, kNormEpsilon);
}

Tensor Vit::attention(const Block& block, const Tensor& x, const Prefix* prefix) const {
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

Tensor Vit::apply(const Block& block, const Tensor& input, const Prefix* prefix,
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
            tensor::expect_shape(prompts->second, {images.size(0), -1, geometry_.width},
                                 "prepended prompts");
            tokens.all = at::cat({prompts->second, tokens.all}, 1);
            tokens.prompts += prompts->second.size(1);
        }
        const auto prefix = injection.prefix.find(i);
        tokens.all = apply(blocks_[static_cast<std::size_t>(i)], tokens.all,
                           prefix == injection.prefix.end() ? nullptr : &prefix->second, dropout);
    }
    tokens.all = norm(encoder_norm_, tokens.all);
    return tokens;
}

std::vector<Tensor> Vit::trace(const Tensor& images) const {
    std::vector<Tensor> states{embed(images)};
    for (const Block& block : blocks_)
        states.push_back(apply(block, states.back(), nullptr, {}));
    return states;
}

Tensor Vit::cls(const Tensor& images) const {
    return forward(images, {}).all.select(1, 0);
}

}  // namespace promptcl::vit
