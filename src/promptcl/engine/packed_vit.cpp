#include "promptcl/engine/packed_vit.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>

namespace promptcl::engine {
namespace {

using Passes = FrozenLinear::Passes;
using With = FrozenLinear::With;

/// The rows [first, first + count) of a linear map, behind a LayerNorm and times `factor`.
FrozenLinear folded(const LinearArrays& linear, const NormArrays& norm, const With& with,
                    std::size_t first, std::size_t count, std::size_t scaled_rows = 0,
                    float factor = 1) {
    const std::size_t in = norm.scale.size();
    std::vector<float> weight(count * in), bias(count);
    for (std::size_t row = 0; row < count; ++row) {
        const float by = row < scaled_rows ? factor : 1.0F;
        const float* source = linear.weight.data() + (first + row) * in;
        double sum = linear.bias[first + row];
        for (std::size_t i = 0; i < in; ++i) {
            sum += static_cast<double>(source[i]) * norm.bias[i];
            weight[row * in + i] = source[i] * norm.scale[i] * by;
        }
        bias[row] = static_cast<float>(sum) * by;
    }
    return {weight,        bias, static_cast<std::int64_t>(in), static_cast<std::int64_t>(count),
            Passes::kBoth, with};
}

FrozenLinear plain(const LinearArrays& linear, const With& with, std::int64_t in, std::int64_t out,
                   Passes passes) {
    return {linear.weight, linear.bias, in, out, passes, with};
}

/// The rows of qkv that a block's `projections` hold; of the last block's, all but the query.
FrozenLinear projections(const BlockArrays& block, const backbone::Geometry& geometry, bool last,
                         float factor, const With& with) {
    const auto width = static_cast<std::size_t>(geometry.width);
    if (last) return folded(block.qkv, block.norm1, with, width, 2 * width);
    return folded(block.qkv, block.norm1, with, 0, 3 * width, width, factor);
}

float query_factor(const backbone::Geometry& geometry) {
    return static_cast<float>(1.0 / std::sqrt(static_cast<double>(geometry.head_width())));
}

std::vector<PackedBlock> packed(const VitArrays& arrays, const With& with) {
    const backbone::Geometry& geometry = arrays.geometry;
    std::vector<PackedBlock> blocks;
    blocks.reserve(arrays.blocks.size());
    for (const BlockArrays& block : arrays.blocks) {
        const bool last = &block == &arrays.blocks.back();
        blocks.push_back(
            {.projections = projections(block, geometry, last, query_factor(geometry), with),
             .out = plain(block.out, with, geometry.width, geometry.width, Passes::kBoth),
             .fc1 = folded(block.fc1, block.norm2, with, 0, static_cast<std::size_t>(geometry.mlp)),
             .fc2 = plain(block.fc2, with, geometry.mlp, geometry.width, Passes::kBoth)});
    }
    return blocks;
}

FrozenLinear packed_last_query(const VitArrays& arrays, const With& with) {
    require(!arrays.blocks.empty(), "a ViT has a block");
    const BlockArrays& last = arrays.blocks.back();
    const auto width = static_cast<std::size_t>(arrays.geometry.width);
    return folded(last.qkv, last.norm1, with, 0, width, width, query_factor(arrays.geometry));
}

std::vector<PackedHead> packed_last_heads(const VitArrays& arrays, const With& with) {
    const BlockArrays& last = arrays.blocks.back();
    const auto width = static_cast<std::size_t>(arrays.geometry.width),
               of_head = static_cast<std::size_t>(arrays.geometry.head_width());
    std::vector<PackedHead> heads;
    for (std::size_t first = width; first < 2 * width; first += of_head) {
        heads.push_back({.key = folded(last.qkv, last.norm1, with, first, of_head),
                         .value = folded(last.qkv, last.norm1, with, width + first, of_head)});
    }
    return heads;
}

std::vector<float> copy_of(std::span<const float> values) {
    return {values.begin(), values.end()};
}

}  // namespace

PackedVit::PackedVit(const VitArrays& arrays, const Kernels& kernels)
    : geometry(arrays.geometry),
      input_size(arrays.input_size),
      patches((input_size / geometry.patch) * (input_size / geometry.patch)),
      gelu(arrays.gelu),
      embedding(plain(arrays.embedding, {memory, kernels}, 3 * geometry.patch * geometry.patch,
                      geometry.width, Passes::kForward)),
      cls(copy_of(arrays.cls)),
      position(copy_of(arrays.position)),
      blocks(packed(arrays, {memory, kernels})),
      last_query(packed_last_query(arrays, {memory, kernels})),
      last_heads(packed_last_heads(arrays, {memory, kernels})),
      scale(copy_of(arrays.encoder_norm.scale)),
      bias(copy_of(arrays.encoder_norm.bias)) {
    std::ranges::transform(cls, position, cls.begin(), std::plus<>());
}

}  // namespace promptcl::engine
