#include "promptcl/engine/lanes/functions.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

constexpr float kRootTwoOverPi = 0.7978845608F;
constexpr float kCubic = 0.044715F;
constexpr float kRootHalf = 0.7071067812F;
constexpr float kDensityAtZero = 0.3989422804F;  // 1 / sqrt(2 pi)

struct Value {
    float gelu, slope;
};

Value gelu_of(float x, Gelu form) {
    if (form == Gelu::kErf) {
        const float below = 0.5F * __builtin_erfcf(-x * kRootHalf);
        return {x * below, below + x * kDensityAtZero * __builtin_expf(-0.5F * x * x)};
    }
    const float opposite = __builtin_expf(-2 * kRootTwoOverPi * (x + kCubic * x * x * x));
    if (__builtin_isinf(opposite)) return {0, 0};
    const float part = 1 / (1 + opposite);  // (1 + tanh(...)) / 2
    const float inner = 2 * kRootTwoOverPi * (1 + 3 * kCubic * x * x);
    return {x * part, part + x * (opposite * part) * part * inner};
}

}  // namespace

void normalize(const float* x, std::int64_t rows, std::int64_t width, float* normal, float* rstd) {
    for (std::int64_t r = 0; r < rows; ++r, x += width, normal += width) {
        float sum = 0, squares = 0;
        for (std::int64_t i = 0; i < width; ++i)
            sum += x[i];
        const float mean = sum / static_cast<float>(width);
        for (std::int64_t i = 0; i < width; ++i)
            squares += (x[i] - mean) * (x[i] - mean);
        rstd[r] = 1 / __builtin_sqrtf(squares / static_cast<float>(width) + 1e-6F);
        for (std::int64_t i = 0; i < width; ++i)
            normal[i] = (x[i] - mean) * rstd[r];
    }
}

void normalize_backward(const float* d_normal, const float* normal, const float* rstd,
                        std::int64_t rows, std::int64_t width, float* dx) {
    for (std::int64_t r = 0; r < rows; ++r, d_normal += width, normal += width, dx += width) {
        float sum = 0, product = 0;
        for (std::int64_t i = 0; i < width; ++i) {
            sum += d_normal[i];
            product += d_normal[i] * normal[i];
        }
        sum /= static_cast<float>(width);
        product /= static_cast<float>(width);
        for (std::int64_t i = 0; i < width; ++i)
            dx[i] += rstd[r] * (d_normal[i] - sum - normal[i] * product);
    }
}

void gelu(float* x, std::int64_t n, Gelu form) {
    for (std::int64_t i = 0; i < n; ++i)
        x[i] = gelu_of(x[i], form).gelu;
}

void gelu_with_slope(float* x, float* slope, std::int64_t n, Gelu form) {
    for (std::int64_t i = 0; i < n; ++i) {
        const Value value = gelu_of(x[i], form);
        x[i] = value.gelu;
        slope[i] = value.slope;
    }
}

void multiply(float* x, const float* y, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        x[i] *= y[i];
}

}  // namespace promptcl::engine::PROMPTCL_LANES
