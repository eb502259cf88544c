#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

/// each(load, store, i) for the vectors of n numbers, the last of which may be a part: load(from)
/// and store(to, x) are those of the vector at i.
template <typename Each>
inline void for_each_vector(std::int64_t n, Each each) {
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        each([i](const float* from) { return load(from + i); },
             [i](float* to, Vector x) { store(to + i, x); });
    }
    if (const std::int64_t rest = n - i; rest > 0) {
        each([=](const float* from) { return load_part(from + i, rest); },
             [=](float* to, Vector x) { store_part(to + i, x, rest); });
    }
}

struct Value {
    Vector gelu, slope;
};

/// With s = 1 / (1 + exp(-2 u)) = (1 + tanh u) / 2 the function is x s and its slope
/// s + 2 x u' s (1 - s), u = sqrt(2 / pi) (x + 0.044715 x^3).
inline Value gelu_tanh(Vector x) {
    constexpr float kTwice = 2 * 0.7978845608F, kCubic = kTwice * 0.044715F;
    constexpr float kFar = 10;  // from here on s is 0 or 1 in float32
    const Vector near = smaller(all(kFar), larger(all(-kFar), x));
    const Vector square = near * near;
    const Vector opposite = exponential(-near * (square * kCubic + kTwice));  // exp(-2 u)
    const Vector s = 1 / (1 + opposite);
    const Vector slope_of_2u = square * (3 * kCubic) + kTwice;
    return {x * s, s + (near * s) * slope_of_2u * (opposite * s)};
}

/// x Phi(x), its slope Phi(x) + x phi(x). Phi(-|x|) = erfc(z) / 2 = exp(-z^2) t P(t) / 2 with z =
/// |x| / sqrt(2), t = 1 / (1 + 0.3 z) and P of degree 8, fitted on z <= 10 (relative error 3e-8).
inline Value gelu_erf(Vector x) {
    constexpr float kRootHalf = 0.7071067812F, kDensityAtZero = 0.3989422804F;
    const Vector size = larger(x, -x);
    const Vector density = exponential(size * size * -0.5F);
    const Vector t = 1 / (1 + size * (0.3F * kRootHalf));
    Vector p = t * -0.130770877F + 0.491934271F;
    p = p * t - 0.526151663F;
    p = p * t + 0.564514242F;
    p = p * t - 0.106983362F;
    p = p * t + 0.220539169F;
    p = p * t + 0.146796022F;
    p = p * t + 0.170949120F;
    p = p * t + 0.169173058F;
    const Vector tail = p * t * density * 0.5F;
    const Vector phi = x > 0 ? 1 - tail : tail;
    return {x * phi, phi + x * density * kDensityAtZero};
}

template <typename Function>
inline void replace(float* x, std::int64_t n, Function function) {
    for_each_vector(n, [=](auto from, auto to) { to(x, function(from(x)).gelu); });
}

template <typename Function>
inline void replace(float* x, float* slope, std::int64_t n, Function function) {
    for_each_vector(n, [=](auto from, auto to) {
        const Value value = function(from(x));
        to(x, value.gelu);
        to(slope, value.slope);
    });
}

}  // namespace

void gelu(float* x, std::int64_t n, Gelu form) {
    if (form == Gelu::kTanh) {
        replace(x, n, [](Vector at) { return gelu_tanh(at); });
    } else {
        replace(x, n, [](Vector at) { return gelu_erf(at); });
    }
}

void gelu_with_slope(float* x, float* slope, std::int64_t n, Gelu form) {
    if (form == Gelu::kTanh) {
        replace(x, slope, n, [](Vector at) { return gelu_tanh(at); });
    } else {
        replace(x, slope, n, [](Vector at) { return gelu_erf(at); });
    }
}

void multiply(float* x, const float* y, std::int64_t n) {
    for_each_vector(n, [=](auto from, auto to) { to(x, from(x) * from(y)); });
}

void normalize(const float* x, std::int64_t rows, std::int64_t width, float* normal, float* rstd) {
    constexpr float kEpsilon = 1e-6F;
    const auto count = static_cast<float>(width);
    for (std::int64_t r = 0; r < rows; ++r, x += width, normal += width) {
        Vector sums = {};
        for_each_vector(width, [&](auto from, auto) { sums += from(x); });
        const float mean = sum(sums) / count;
        Vector squares = {};
        std::int64_t i = 0;
        for (; i + kLanes <= width; i += kLanes) {
            const Vector off = load(x + i) - mean;
            squares += off * off;
        }
        float square = sum(squares);
        for (; i < width; ++i)
            square += (x[i] - mean) * (x[i] - mean);
        rstd[r] = 1 / __builtin_sqrtf(square / count + kEpsilon);
        for_each_vector(width, [&](auto from, auto to) { to(normal, (from(x) - mean) * rstd[r]); });
    }
}

void normalize_backward(const float* d_normal, const float* normal, const float* rstd,
                        std::int64_t rows, std::int64_t width, float* dx) {
    const auto count = static_cast<float>(width);
    for (std::int64_t r = 0; r < rows; ++r, d_normal += width, normal += width, dx += width) {
        Vector sums = {}, products = {};
        for_each_vector(width, [&](auto from, auto) {
            sums += from(d_normal);
            products += from(d_normal) * from(normal);
        });
        const float mean = sum(sums) / count, product = sum(products) / count;
        for_each_vector(width, [&](auto from, auto to) {
            to(dx, from(dx) + rstd[r] * (from(d_normal) - mean - from(normal) * product));
        });
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
