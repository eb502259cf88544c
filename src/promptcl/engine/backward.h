// The backward pass of a few images on one thread: from the averaged rows to what was put in.
#pragma once

#include "promptcl/engine/tape.h"

#include <cstdint>
#include <vector>

namespace promptcl::engine {

/// Where the gradient of each part of an Injection goes, in the same order; the same shapes.
struct InjectionGradient {
    struct OfPrefix {
        float *key, *value;
    };
    std::vector<float*> prepends;
    std::vector<OfPrefix> prefixes;
};

/// The chain rule by hand. The weights are frozen, so that of every linear map only dx = dy W is
/// needed; nothing is computed below the lowest block with anything put in, and there only what
/// reaches that.
class Backward {
  public:
    Backward(const PackedVit& vit, const Kernels& kernels, Workspace& space)
        : vit_(vit), kernels_(kernels), space_(space) {}

    /// Writes the gradient of the images first..first + tape.images - 1, given that of their
    /// features [tape.images, D].
    void run(const Tape& tape, std::int64_t first, const Layout& layout, const Injection& injection,
             const float* d_features, const InjectionGradient& gradient);

  private:
    void read(const Tape& tape, const Layout& layout, const float* d_features);
    /// Through fc2, gelu, fc1 and LayerNorm, onto d_x [rows, D].
    void mlp(const PackedBlock& block, const BlockTape& tape, std::int64_t rows);
    void attend(const Attention& shape, const AttentionGradient& wanted, const BlockTape& tape,
                std::int64_t block);
    void last_block(const Tape& tape, const Layout& layout);
    /// A block above the lowest: d_x of its input.
    void block(const Tape& tape, const Layout& layout, std::int64_t i);
    /// The lowest block: only the gradient of what is put in there.
    void first_block(const Tape& tape, const Layout& layout);
    /// Takes the rows that were put in before block i out of d_x.
    void take_out(std::int64_t i, const Layout& layout);
    float* gradient_of_tokens(std::int64_t block) const;

    std::int64_t width() const { return vit_.geometry.width; }

    const PackedVit& vit_;
    const Kernels& kernels_;
    Workspace& space_;
    std::int64_t first_ = 0, count_ = 0;  // of the images that are under way
    const Injection* injection_ = nullptr;
    const InjectionGradient* gradient_ = nullptr;
};

}  // namespace promptcl::engine
