#include "promptcl/engine/linear.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <utility>

namespace promptcl::engine {
namespace {

PackedProduct packed(const FixedMatrix& matrix, Turned turned, std::span<const float> bias,
                     const FrozenLinear::With& with) {
    PackedProduct product{matrix.rows, matrix.columns, nullptr, nullptr};
    if (turned == Turned::kYes) std::swap(product.inner, product.outer);
    const std::int64_t panel = with.kernels.panel,
                       columns = (product.outer + panel - 1) / panel * panel;
    float* const panels = with.memory.take(product.inner * columns);
    with.kernels.pack(matrix, turned, panels);
    float* const whole_bias = with.memory.take(columns);
    std::fill_n(std::ranges::copy(bias, whole_bias).out, columns - std::ssize(bias), 0.0F);
    product.panels = panels;
    product.bias = whole_bias;
    return product;
}

/// This thread's memory for a product to work in; it grows and stays.
float* scratch(std::int64_t floats) {
    thread_local Floats memory;
    return memory.reserve(floats);
}

}  // namespace

FrozenLinear::FrozenLinear(std::span<const float> weight, std::span<const float> bias,
                           std::int64_t in, std::int64_t out, Passes passes, const With& with)
    : kernels_(&with.kernels) {
    require(in > 0 && out > 0 && static_cast<std::int64_t>(weight.size()) == in * out,
            "the weight of a linear layer is [out, in]");
    require(bias.empty() || static_cast<std::int64_t>(bias.size()) == out,
            "the bias of a linear layer is [out] or nothing");
    const FixedMatrix matrix = {weight.data(), out, in};
    forward_ = packed(matrix, Turned::kYes, bias, with);
    if (passes == Passes::kBoth) backward_ = packed(matrix, Turned::kNo, {}, with);
}

void FrozenLinear::multiply(const PackedProduct& product, const ProductRows& rows) const {
    require(product.panels != nullptr,
            "a linear layer that is asked for gradients was made for both passes");
    kernels_->multiply_packed(product, rows, scratch(product_scratch(rows.count, product.inner)));
}

void FrozenLinear::apply(const float* x, std::int64_t rows, float* y) const {
    multiply(forward_, {x, rows, y, false});
}

void FrozenLinear::add(const float* x, std::int64_t rows, float* y) const {
    multiply(forward_, {x, rows, y, true});
}

void FrozenLinear::apply_transposed(const float* dy, std::int64_t rows, float* dx) const {
    multiply(backward_, {dy, rows, dx, false});
}

}  // namespace promptcl::engine
