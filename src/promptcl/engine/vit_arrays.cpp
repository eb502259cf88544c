#include "promptcl/engine/vit_arrays.h"

namespace promptcl::engine {
namespace {

NormArrays arrays_of(const backbone::NormWeights& norm) {
    return {norm.scale, norm.bias};
}

LinearArrays arrays_of(const backbone::LinearWeights& linear) {
    return {linear.weight, linear.bias};
}

}  // namespace

VitArrays arrays_of(const backbone::VitWeights& weights, Gelu gelu) {
    VitArrays arrays{.geometry = weights.geometry,
                     .input_size = weights.input_size,
                     .gelu = gelu,
                     .embedding = arrays_of(weights.embedding),
                     .cls = weights.cls,
                     .position = weights.position,
                     .blocks = {},
                     .encoder_norm = arrays_of(weights.encoder_norm)};
    for (const backbone::BlockWeights& block : weights.blocks) {
        arrays.blocks.push_back({.norm1 = arrays_of(block.norm1),
                                 .qkv = arrays_of(block.qkv),
                                 .out = arrays_of(block.out),
                                 .norm2 = arrays_of(block.norm2),
                                 .fc1 = arrays_of(block.fc1),
                                 .fc2 = arrays_of(block.fc2)});
    }
    return arrays;
}

}  // namespace promptcl::engine
