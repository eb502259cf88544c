#include "promptcl/backbone/weights.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::backbone {
namespace {

/// [rows, columns] to [columns, rows], square by square so that both sides stay in the cache.
void transpose(const std::vector<float>& from, std::int64_t rows, std::int64_t columns, float* to) {
    constexpr std::int64_t kSide = 32;
    for (std::int64_t top = 0; top < rows; top += kSide) {
        for (std::int64_t left = 0; left < columns; left += kSide) {
            for (std::int64_t x = left; x < std::min(left + kSide, columns); ++x) {
                for (std::int64_t y = top; y < std::min(top + kSide, rows); ++y)
                    to[x * rows + y] = from[static_cast<std::size_t>(y * columns + x)];
            }
        }
    }
}

void append(std::vector<float>& to, const std::vector<float>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// Reads arrays whose names begin with a prefix.
class Reader {
  public:
    Reader(const io::ArrayMap& arrays, std::string prefix)
        : arrays_(arrays), prefix_(std::move(prefix)) {}

    std::vector<float> array(const std::string& name) const {
        return arrays_.at(prefix_ + name).as_float();
    }
    NormWeights norm(const std::string& name) const {
        return {array(name + "/scale"), array(name + "/bias")};
    }
    /// A kernel [in..., out...] whose input has `in` numbers, and its bias.
    LinearWeights linear(const std::string& name, std::int64_t in) const {
        const std::vector<float> kernel = array(name + "/kernel");
        LinearWeights result{.weight = std::vector<float>(kernel.size()),
                             .bias = array(name + "/bias")};
        transpose(kernel, in, std::ssize(kernel) / in, result.weight.data());
        return result;
    }

  private:
    const io::ArrayMap& arrays_;
    std::string prefix_;
};

BlockWeights read_block(const Reader& read, const Geometry& geometry) {
    BlockWeights block{.norm1 = read.norm("LayerNorm_0"),
                       .qkv = {},
                       .out = read.linear("MultiHeadDotProductAttention_1/out", geometry.width),
                       .norm2 = read.norm("LayerNorm_2"),
                       .fc1 = read.linear("MlpBlock_3/Dense_0", geometry.width),
                       .fc2 = read.linear("MlpBlock_3/Dense_1", geometry.mlp)};
    for (const char* part : {"query", "key", "value"}) {
        const LinearWeights linear =
            read.linear(std::string("MultiHeadDotProductAttention_1/") + part, geometry.width);
        append(block.qkv.weight, linear.weight);
        append(block.qkv.bias, linear.bias);
    }
    return block;
}

}  // namespace

std::string block_name(std::int64_t index) {
    return fmt::format("Transformer/encoderblock_{}", index);
}

VitWeights arrange_weights(const Checkpoint& checkpoint, std::int64_t input_size) {
    const Geometry& geometry = checkpoint.survey.geometry;
    const std::int64_t patch = geometry.patch, grid = input_size / patch;
    if (grid < 1 || input_size % patch != 0) {
        throw UsageError(fmt::format("input_size {} is no multiple of the patch size {} of {}",
                                     input_size, patch, checkpoint.path.string()),
                         fmt::format("set input_size to a multiple of {}", patch));
    }
    const Reader read(checkpoint.arrays, "");
    VitWeights weights{.geometry = geometry,
                       .input_size = input_size,
                       .embedding = {.weight = {}, .bias = read.array("embedding/bias")},
                       .cls = read.array("cls"),
                       .position = read.array(kPositionEmbedding),
                       .blocks = {},
                       .encoder_norm = read.norm(kEncoderNorm)};
    // [p, p, 3, D] to [D, 3, p, p]: columns first, then each row's [p, p, 3] to [3, p, p].
    const LinearWeights rows = read.linear("embedding", patch * patch * 3);
    weights.embedding.weight.reserve(rows.weight.size());
    for (std::int64_t row = 0; row < geometry.width; ++row) {
        for (std::int64_t channel = 0; channel < 3; ++channel) {
            for (std::int64_t pixel = 0; pixel < patch * patch; ++pixel)
                weights.embedding.weight.push_back(rows.weight[static_cast<std::size_t>(
                    (row * patch * patch + pixel) * 3 + channel)]);
        }
    }
    if (grid != checkpoint.survey.grid)
        weights.position =
            resize_position_embedding(weights.position, checkpoint.survey.grid, grid);
    for (std::int64_t i = 0; i < geometry.blocks; ++i)
        weights.blocks.push_back(
            read_block(Reader(checkpoint.arrays, block_name(i) + "/"), geometry));
    return weights;
}

}  // namespace promptcl::backbone
