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
    return {.norm1 = read.norm("LayerNorm_0"),
            .qkv = {at::cat(kernels), at::cat(biases)},
            .out = read.linear(kOut, geometry.width),
            .norm2 = read.norm("LayerNorm_2"),
            .fc1 = read.linear("MlpBlock_3/Dense_0", geometry.width),
            .fc2 = read.linear("MlpBlock_3/Dense_1", geometry.mlp)};
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
    write.norm("LayerNorm_0", block.norm1);
    for (std::int64_t i = 0; i < 3; ++i) {
        const Linear part{block.qkv.weight.narrow(0, i * width, width),
                          block.qkv.bias.narrow(0, i * width, width)};
        write.linear(kParts[static_cast<std::size_t>(i)], part, {width, heads, e}, {heads, e});
    }
    write.linear(kOut, block.out, {heads, e, width}, {width});
    write.norm("LayerNorm_2", block.norm2);
    write.linear("MlpBlock_3/Dense_0", block.fc1, {width, geometry.mlp}, {geometry.mlp});
    write.linear("MlpBlock_3/Dense_1", block.fc2, {geometry.mlp, width}, {width});
}

}  // namespace

std::vector<Tensor> Weights::all() const {
    std::vector<Tensor> result{embedding_weight, embedding_bias, cls, position};
    const auto add = [&](const auto& pair) {
        const auto& [first, second] = pair;
        result.push_back(first);
        result.push_back(second);
    };
    for (const BlockWeights& block : blocks) {
        add(block.norm1);
        add(block.qkv);
        add(block.out);
        add(block.norm2);
        add(block.fc1);
        add(block.fc2);
    }
    add(encoder_norm);
    return result;
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
        .encoder_norm = read.norm("Transformer/encoder_norm")};
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
    write.norm("Transformer/encoder_norm", weights.encoder_norm);
    for (std::size_t i = 0; i < weights.blocks.size(); ++i) {
        write_block(Writer(arrays, block_name(i)), weights.blocks[i], geometry);
    }
    return arrays;
}

}  // namespace promptcl::vit
