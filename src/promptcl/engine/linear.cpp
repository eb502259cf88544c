#include "promptcl/engine/linear.h"

#include "promptcl/core/error.h"

namespace promptcl::engine {

FrozenLinear::FrozenLinear(std::span<const float> weight, std::span<const float> bias,
                           std::int64_t in, std::int64_t out, Passes passes)
    : in_(in), out_(out) {
    require(in > 0 && out > 0 && static_cast<std::int64_t>(weight.size()) == in * out,
            "the weight of a linear layer is [out, in]");
    require(bias.empty() || static_cast<std::int64_t>(bias.size()) == out,
            "the bias of a linear layer is [out] or nothing");
    forward_ = pack({weight.data(), in, out, 1, in}, bias);
    if (passes == Passes::kBoth) backward_ = pack({weight.data(), out, in, in, 1}, {});
}

void FrozenLinear::apply(const float* x, std::int64_t rows, float* y) const {
    forward_->run(x, rows, y, false);
}

void FrozenLinear::add(const float* x, std::int64_t rows, float* y) const {
    forward_->run(x, rows, y, true);
}

void FrozenLinear::apply_transposed(const float* dy, std::int64_t rows, float* dx) const {
    require(backward_ != nullptr,
            "a linear layer that is asked for gradients was made for both passes");
    backward_->run(dy, rows, dx, false);
}

void FrozenLinear::add_transposed(const float* dy, std::int64_t rows, float* dx) const {
    require(backward_ != nullptr,
            "a linear layer that is asked for gradients was made for both passes");
    backward_->run(dy, rows, dx, true);
}

}  // namespace promptcl::engine
