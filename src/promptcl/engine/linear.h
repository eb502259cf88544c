// A linear layer whose weights never change.
#pragma once

#include "promptcl/engine/packed_product.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace promptcl::engine {

/// y = x W^T + b with W [out, in], b [out]; x [rows, in] and y [rows, out] are dense and row-major.
/// W is copied into the order in which the processor reads it, once for each direction. Any number
/// of threads may call at once, each call computes in its caller's thread alone, and the same call
/// gives the same bits every time.
class FrozenLinear {
  public:
    enum class Passes { kForward, kBoth };

    /// No bias: an empty span. Bug when the sizes disagree.
    FrozenLinear(std::span<const float> weight, std::span<const float> bias, std::int64_t in,
                 std::int64_t out, Passes passes);

    std::int64_t in() const { return in_; }
    std::int64_t out() const { return out_; }
    /// What multiplies: "portable", or what oneDNN calls its implementation.
    std::string implementation() const { return forward_->name(); }

    void apply(const float* x, std::int64_t rows, float* y) const;  // y = x W^T + b
    void add(const float* x, std::int64_t rows, float* y) const;    // y += x W^T + b

    /// Of the gradient dy [rows, out]: dx = dy W, and dx += dy W. Bug without Passes::kBoth.
    void apply_transposed(const float* dy, std::int64_t rows, float* dx) const;
    void add_transposed(const float* dy, std::int64_t rows, float* dx) const;

  private:
    std::int64_t in_, out_;
    std::unique_ptr<const PackedProduct> forward_, backward_;
};

}  // namespace promptcl::engine
