// A vector register of floats and the few functions on it that the language has no operator for.
#pragma once

#include <cstdint>
#include <utility>

// Unrolls the loop behind it entirely, so that an array of vectors lives in registers.
#if defined(__clang__)
#define PROMPTCL_UNROLL _Pragma("unroll")
#else
#define PROMPTCL_UNROLL _Pragma("GCC unroll 16")
#endif

namespace promptcl::engine::PROMPTCL_LANES {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kRegisters = 32;
#else
constexpr int kRegisters = 16;
#endif

using Vector = float __attribute__((vector_size(4 * kLanes)));
using Bits = std::uint32_t __attribute__((vector_size(4 * kLanes)));
using Anywhere = float __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));
using LaneIndices = std::make_integer_sequence<int, kLanes>;

/// Vectors that hold so many columns, the last perhaps in part.
constexpr std::int64_t vectors(std::int64_t columns) {
    return (columns + kLanes - 1) / kLanes;
}
inline Vector load(const float* from) {
    return *reinterpret_cast<const Anywhere*>(from);
}
inline void store(float* to, Vector x) {
    *reinterpret_cast<Anywhere*>(to) = x;
}
/// The first `count` < kLanes floats, then zeros.
inline Vector load_part(const float* from, std::int64_t count) {
    Vector x = {};
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = from[i];
    return x;
}
inline void store_part(float* to, Vector x, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i)
        to[i] = x[i];
}
inline Vector all(float x) {
    return x - Vector{};
}

template <int... kLane>
inline Bits lane_numbers(std::integer_sequence<int, kLane...>) {
    return Bits{kLane...};
}
/// The first `count` lanes of x, and `rest` in the others.
inline Vector first_lanes(Vector x, std::int64_t count, float rest) {
    return lane_numbers(LaneIndices{}) < static_cast<std::uint32_t>(count) ? x : all(rest);
}

/// Both as the processor's instructions have it: y where one of the two is NaN.
inline Vector larger(Vector x, Vector y) {
    return x > y ? x : y;
}
inline Vector smaller(Vector x, Vector y) {
    return x < y ? x : y;
}

/// Lane i of the result is lane i ^ kWith of x.
template <int kWith, int... kLane>
inline Vector swapped(Vector x, std::integer_sequence<int, kLane...>) {
    return __builtin_shufflevector(x, x, (kLane ^ kWith)...);
}

template <int kWith = kLanes / 2>
inline float sum(Vector x) {
    if constexpr (kWith == 0) {
        return x[0];
    } else {
        return sum<kWith / 2>(x + swapped<kWith>(x, LaneIndices{}));
    }
}
template <int kWith = kLanes / 2>
inline float largest(Vector x) {
    if constexpr (kWith == 0) {
        return x[0];
    } else {
        return largest<kWith / 2>(larger(x, swapped<kWith>(x, LaneIndices{})));
    }
}

/// e^x for x <= 88 to about one unit in the last place; 0 below -87.3, NaN for NaN. x = n ln 2 + r
/// with |r| <= ln 2 / 2; e^r by a polynomial that interpolates it (relative error 1e-8), times 2^n
/// by an addition to the exponent's bits.
inline Vector exponential(Vector x) {
    constexpr float kLowest = -87.33F;
    constexpr float kRound = 12582912;  // 1.5 2^23: what is added to it is rounded to an integer
    const Vector shifted = x * 1.44269504F + kRound;
    const Vector n = shifted - kRound;
    const Vector r = (x - n * 0.693359375F) + n * 2.12194440e-4F;  // ln 2 in two parts
    Vector p = r * 1.39261762e-3F + 8.36317307e-3F;
    p = p * r + 4.16665547e-2F;
    p = p * r + 1.66665770e-1F;
    p = p * r + 0.5F;
    p = (p * r) * r + r + 1;
    const Vector power = reinterpret_cast<Vector>(reinterpret_cast<Bits>(p) +
                                                  (reinterpret_cast<Bits>(shifted) << 23));
    return x < kLowest ? Vector{} : power;
}

}  // namespace promptcl::engine::PROMPTCL_LANES
