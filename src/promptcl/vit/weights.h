// The weights of a ViT as tensors, arranged for the forward pass.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/tensor/tensor.h"

#include <functional>
#include <string>
#include <vector>

namespace promptcl::vit {

// Letters: D width, H heads, E = D/H, F MLP width, p patch, P patches.

struct Norm {
    Tensor scale, bias;  // [D]
};

struct Linear {
    Tensor weight, bias;  // [out, in], [out]: y = x W^T + b
};

struct BlockWeights {
    Norm norm1;
    Linear qkv;  // [3D, D], rows: query, key, value
    Linear out;  // [D, D]
    Norm norm2;
    Linear fc1, fc2;  // [F, D], [D, F]
};

struct Weights {
    Tensor embedding_weight, embedding_bias;  // [D, 3, p, p], [D]
    Tensor cls;                               // [1, 1, D]
    Tensor position;                          // [1, P+1, D]
    std::vector<BlockWeights> blocks;
    Norm encoder_norm;

    /// Calls each(name, tensor) for every tensor, in the order of the forward pass. Names are those
    /// of the public layout, but "weight" [out, in] where that has a "kernel" [in, out], and "qkv"
    /// for its query, key and value.
    void visit(const std::function<void(const std::string& name, Tensor& tensor)>& each);
};

/// The names that Weights::visit() gives the tensors of such a ViT.
std::vector<std::string> weight_names(const backbone::Geometry& geometry);

/// backbone::arrange_weights() as tensors.
Weights read_weights(const backbone::Checkpoint& checkpoint, std::int64_t input_size);

/// The arrays of backbone::array_shapes() with these weights: the reverse of read_weights.
io::ArrayMap to_arrays(const Weights& weights, const backbone::Geometry& geometry);

}  // namespace promptcl::vit
