#include "promptcl/vit/weights.h"

#include "promptcl/backbone/weights.h"

#include <ATen/ATen.h>

#include <array>

namespace promptcl::vit {
namespace {

constexpr std::array kParts = {"MultiHeadDotProductAttention_1/query",
                               "MultiHeadDotProductAttention_1/key",
                               "MultiHeadDotProductAttention_1/value"};
constexpr const char* kOut = "MultiHeadDotProductAttention_1/out";
constexpr const char *kNorm1 = "LayerNorm_0", *kNorm2 = "LayerNorm_2";
constexpr const char *kFc1 = "MlpBlock_3/Dense_0", *kFc2 = "MlpBlock_3/Dense_1";

std::string block_prefix(std::size_t index) {
    return backbone::block_name(static_cast<std::int64_t>(index)) + "/";
}

Norm to_tensors(const backbone::NormWeights& norm) {
    const auto width = std::ssize(norm.scale);
    return {tensor::from_floats(norm.scale, {width}), tensor::from_floats(norm.bias, {width})};
}

Linear to_tensors(const backbone::LinearWeights& linear) {
    const auto out = std::ssize(linear.bias);
    return {tensor::from_floats(linear.weight, {out, std::ssize(linear.weight) / out}),
            tensor::from_floats(linear.bias, {out})};
}

BlockWeights to_tensors(const backbone::BlockWeights& block) {
    return {.norm1 = to_tensors(block.norm1),
            .qkv = to_tensors(block.qkv),
            .out = to_tensors(block.out),
            .norm2 = to_tensors(block.norm2),
            .fc1 = to_tensors(block.fc1),
            .fc2 = to_tensors(block.fc2)};
}

/// Writes arrays whose names begin with a prefix.
class Writer {
  public:
    Writer(io::ArrayMap& arrays, std::string prefix)
        : arrays_(arrays), prefix_(std::move(prefix)) {}

    void array(const std::string& name, const Tensor& x) {
        arrays_[prefix_ + name] = tensor::to_array(x);
    }
    void norm(const std::string& name, const Norm& norm) {
        array(name + "/scale", norm.scale);
        array(name + "/bias", norm.bias);
    }
    void linear(const std::string& name, const Linear& linear, at::IntArrayRef kernel,
                at::IntArrayRef bias) {
        array(name + "/kernel", linear.weight.t().reshape(kernel));
        array(name + "/bias", linear.bias.reshape(bias));
    }

  private:
    io::ArrayMap& arrays_;
    std::string prefix_;
};

void write_block(Writer write, const BlockWeights& block, const backbone::Geometry& geometry) {
    const std::int64_t width = geometry.width, heads = geometry.heads, e = geometry.head_width();
    write.norm(kNorm1, block.norm1);
    for (std::int64_t i = 0; i < 3; ++i) {
        const Linear part{block.qkv.weight.narrow(0, i * width, width),
                          block.qkv.bias.narrow(0, i * width, width)};
        write.linear(kParts[static_cast<std::size_t>(i)], part, {width, heads, e}, {heads, e});
    }
    write.linear(kOut, block.out, {heads, e, width}, {width});
    write.norm(kNorm2, block.norm2);
    write.linear(kFc1, block.fc1, {width, geometry.mlp}, {geometry.mlp});
    write.linear(kFc2, block.fc2, {geometry.mlp, width}, {width});
}

}  // namespace

void Weights::visit(const std::function<void(const std::string&, Tensor&)>& each) {
    const auto norm = [&](const std::string& name, Norm& part) {
        each(name + "/scale", part.scale);
        each(name + "/bias", part.bias);
    };
    const auto linear = [&](const std::string& name, Linear& part) {
        each(name + "/weight", part.weight);
        each(name + "/bias", part.bias);
    };
    each("embedding/weight", embedding_weight);
    each("embedding/bias", embedding_bias);
    each("cls", cls);
    each(backbone::kPositionEmbedding, position);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::string block = block_prefix(i);
        norm(block + kNorm1, blocks[i].norm1);
        linear(block + "MultiHeadDotProductAttention_1/qkv", blocks[i].qkv);
        linear(block + kOut, blocks[i].out);
        norm(block + kNorm2, blocks[i].norm2);
        linear(block + kFc1, blocks[i].fc1);
        linear(block + kFc2, blocks[i].fc2);
    }
    norm(backbone::kEncoderNorm, encoder_norm);
}

std::vector<std::string> weight_names(const backbone::Geometry& geometry) {
    Weights empty;
    empty.blocks.resize(static_cast<std::size_t>(geometry.blocks));
    std::vector<std::string> names;
    empty.visit([&](const std::string& name, Tensor&) { names.push_back(name); });
    return names;
}

Weights read_weights(const backbone::Checkpoint& checkpoint, std::int64_t input_size) {
    const auto plain = backbone::arrange_weights(checkpoint, input_size);
    const backbone::Geometry& geometry = plain.geometry;
    const std::int64_t width = geometry.width, patch = geometry.patch;
    const Linear embedding = to_tensors(plain.embedding);
    Weights weights{.embedding_weight = embedding.weight.view({width, 3, patch, patch}),
                    .embedding_bias = embedding.bias,
                    .cls = tensor::from_floats(plain.cls, {1, 1, width}),
                    .position = tensor::from_floats(plain.position,
                                                    {1, std::ssize(plain.position) / width, width}),
                    .blocks = {},
                    .encoder_norm = to_tensors(plain.encoder_norm)};
    for (const auto& block : plain.blocks)
        weights.blocks.push_back(to_tensors(block));
    return weights;
}

io::ArrayMap to_arrays(const Weights& weights, const backbone::Geometry& geometry) {
    io::ArrayMap arrays;
    Writer write(arrays, "");
    write.array("embedding/kernel", weights.embedding_weight.permute({2, 3, 1, 0}));
    write.array("embedding/bias", weights.embedding_bias);
    write.array("cls", weights.cls);
    write.array(backbone::kPositionEmbedding, weights.position);
    write.norm(backbone::kEncoderNorm, weights.encoder_norm);
    for (std::size_t i = 0; i < weights.blocks.size(); ++i) {
        write_block(Writer(arrays, block_prefix(i)), weights.blocks[i], geometry);
    }
    return arrays;
}

}  // namespace promptcl::vit
