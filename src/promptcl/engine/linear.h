// A linear layer whose weights never change.
#pragma once

#include "promptcl/engine/floats.h"
#include "promptcl/engine/kernels.h"

#include <cstdint>
#include <span>

namespace promptcl::engine {

/// y = x W^T + b with W [out, in], b [out]; x [rows, in] and y [rows, out] are dense and row-major.
/// W is copied into the order in which the processor reads it, once for each direction. Any number
/// of threads may call at once, each call computes in its caller's thread alone, and a row's result
/// has the same bits every time, whichever rows come with it.
class FrozenLinear {
  public:
    enum class Passes { kForward, kBoth };
    /// Where the copies go, which must live as long as the layer, and what multiplies.
    struct With {
        FloatArena& memory;
        const Kernels& kernels = best_kernels();
    };

    /// No bias: an empty span. Bug when the sizes disagree.
    FrozenLinear(std::span<const float> weight, std::span<const float> bias, std::int64_t in,
                 std::int64_t out, Passes passes, const With& with);

    std::int64_t in() const { return forward_.inner; }
    std::int64_t out() const { return forward_.outer; }

    void apply(const float* x, std::int64_t rows, float* y) const;  // y = x W^T + b
    void add(const float* x, std::int64_t rows, float* y) const;    // y += x W^T + b

    /// Of the gradient dy [rows, out]: dx = dy W. Bug without Passes::kBoth.
    void apply_transposed(const float* dy, std::int64_t rows, float* dx) const;

  private:
    void multiply(const PackedProduct& product, const ProductRows& rows) const;

    const Kernels* kernels_;
    PackedProduct forward_{}, backward_{};
};

}  // namespace promptcl::engine
