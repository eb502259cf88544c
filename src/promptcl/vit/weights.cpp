#include "promptcl/vit/weights.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>

#include <array>
#include <fmt/format.h>

namespace promptcl::vit {
namespace {

constexpr const char* kPosition = "Transformer/posembed_input/pos_embedding";
constexpr std::array kParts = {"MultiHeadDotProductAttention_1/query",
                               "MultiHeadDotProductAttention_1/key",
                               "MultiHeadDotProductAttention_1/value"};
constexpr const char* kOut = "MultiHeadDotProductAttention_1/out";
constexpr const char *kNorm1 = "LayerNorm_0", *kNorm2 = "LayerNorm_2";
constexpr const char *kFc1 = "MlpBlock_3/Dense_0", *kFc2 = "MlpBlock_3/Dense_1";
constexpr const char* kEncoderNorm = "Transformer/encoder_norm";

std::string block_name(std::size_t index) {
    return fmt::format("Transformer/encoderblock_{}/", index);
}

/// Reads arrays whose names begin with a prefix.
class Reader {
  public:
    Reader(const io::ArrayMap& arrays, std::string prefix)
        : arrays_(arrays), prefix_(std::move(prefix)) {}

    Tensor array(const std::string& name) const {
        return tensor::from_array(arrays_.at(prefix_ + name));
    }
    Norm norm(const std::string& name) const {
        return {array(name + "/scale"), array(name + "/bias")};
    }
    /// A kernel [in..., out...] whose input has `in` numbers, and its bias.
    Linear linear(const std::string& name, std::int64_t in) const {
        return {array(name + "/kernel").reshape({in, -1}).t().contiguous(),
                array(name + "/bias").flatten()};
    }

  private:
    const io::ArrayMap& arrays_;
    std::string prefix_;
};

BlockWeights read_block(const Reader& read, const backbone::Geometry& geometry) {
    std::vector<Tensor> kernels, biases;
    for (const char* part : kParts) {
        const Linear linear = read.linear(part, geometry.width);
        kernels.push_back(linear.weight);
        biases.push_back(linear.bias);
    }
    return {.norm1 = read.norm(kNorm1),
            .qkv = {at::cat(kernels), at::cat(biases)},
            .out = read.linear(kOut, geometry.width),
            .norm2 = read.norm(kNorm2),
            .fc1 = read.linear(kFc1, geometry.width),
            .fc2 = read.linear(kFc2, geometry.mlp)};
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
    each(kPosition, position);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::string block = block_name(i);
        norm(block + kNorm1, blocks[i].norm1);
        linear(block + "MultiHeadDotProductAttention_1/qkv", blocks[i].qkv);
        linear(block + kOut, blocks[i].out);
        norm(block + kNorm2, blocks[i].norm2);
        linear(block + kFc1, blocks[i].fc1);
        linear(block + kFc2, blocks[i].fc2);
    }
    norm(kEncoderNorm, encoder_norm);
}

std::vector<std::string> weight_names(const backbone::Geometry& geometry) {
    Weights empty;
    empty.blocks.resize(static_cast<std::size_t>(geometry.blocks));
    std::vector<std::string> names;
    empty.visit([&](const std::string& name, Tensor&) { names.push_back(name); });
    return names;
}

Weights read_weights(const backbone::Checkpoint& checkpoint, std::int64_t input_size) {
    const backbone::Geometry& geometry = checkpoint.survey.geometry;
    const std::int64_t patch = geometry.patch, grid = input_size / patch;
    if (grid < 1 || input_size % patch != 0) {
        throw UsageError(fmt::format("input_size {} is no multiple of the patch size {} of {}",
                                     input_size, patch, checkpoint.path.string()),
                         fmt::format("set input_size to a multiple of {}", patch));
    }
    const Reader read(checkpoint.arrays, "");
    Weights weights{
        .embedding_weight = read.array("embedding/kernel").permute({3, 2, 0, 1}).contiguous(),
        .embedding_bias = read.array("embedding/bias"),
        .cls = read.array("cls"),
        .position = read.array(kPosition),
        .blocks = {},
        .encoder_norm = read.norm(kEncoderNorm)};
    if (grid != checkpoint.survey.grid) {
        const auto rows = checkpoint.arrays.at(kPosition).as_float();
        weights.position = tensor::from_floats(
            backbone::resize_position_embedding(rows, checkpoint.survey.grid, grid),
            {1, grid * grid + 1, geometry.width});
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(geometry.blocks); ++i) {
        weights.blocks.push_back(read_block(Reader(checkpoint.arrays, block_name(i)), geometry));
    }
    return weights;
}

io::ArrayMap to_arrays(const Weights& weights, const backbone::Geometry& geometry) {
    io::ArrayMap arrays;
    Writer write(arrays, "");
    write.array("embedding/kernel", weights.embedding_weight.permute({2, 3, 1, 0}));
    write.array("embedding/bias", weights.embedding_bias);
    write.array("cls", weights.cls);
    write.array(kPosition, weights.position);
    write.norm(kEncoderNorm, weights.encoder_norm);
    for (std::size_t i = 0; i < weights.blocks.size(); ++i) {
        write_block(Writer(arrays, block_name(i)), weights.blocks[i], geometry);
    }
    return arrays;
}

}  // namespace promptcl::vit
