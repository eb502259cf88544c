#include "promptcl/engine/lanes/transpose.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

using Four = float __attribute__((vector_size(16)));
using FourAnywhere = float __attribute__((vector_size(16), aligned(4), may_alias));

inline Four load_four(const float* from) {
    return *reinterpret_cast<const FourAnywhere*>(from);
}
/// The first `count` < 4 floats, then zeros.
inline Four load_part_of_four(const float* from, std::int64_t count) {
    Four x = {};
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = from[i];
    return x;
}

/// row(kFirst), row(kFirst + 4), ... one behind the other.
template <int kFirst, class Row>
inline Vector every_fourth(Row row) {
#if defined(__AVX512F__)
    const __m512 first = _mm512_castps128_ps512(row(kFirst));
    const __m512 second = _mm512_mask_broadcast_f32x4(first, 0x00f0, row(kFirst + 4));
    const __m512 third = _mm512_mask_broadcast_f32x4(second, 0x0f00, row(kFirst + 8));
    return _mm512_mask_broadcast_f32x4(third, 0xf000, row(kFirst + 12));
#elif defined(__AVX2__)
    return __builtin_shufflevector(row(kFirst), row(kFirst + 4), 0, 1, 2, 3, 4, 5, 6, 7);
#else
    return row(kFirst);
#endif
}

/// Two vectors exchange what lies off the diagonal of every square of 2 kStep numbers.
template <int kStep, int... kLane>
inline void exchange(Vector& upper, Vector& lower, std::integer_sequence<int, kLane...>) {
    const Vector above = upper;
    upper = __builtin_shufflevector(upper, lower,
                                    (kLane & kStep ? (kLane ^ kStep) + kLanes : kLane)...);
    lower = __builtin_shufflevector(above, lower,
                                    (kLane & kStep ? kLane + kLanes : (kLane ^ kStep))...);
}

/// Of kLanes rows, row(i) being four numbers of row i: column c of them to columns[c].
template <class Row>
inline void turn_four(Row row, Vector (&columns)[4]) {
    columns[0] = every_fourth<0>(row);
    columns[1] = every_fourth<1>(row);
    columns[2] = every_fourth<2>(row);
    columns[3] = every_fourth<3>(row);
    exchange<1>(columns[0], columns[1], LaneIndices{});
    exchange<1>(columns[2], columns[3], LaneIndices{});
    exchange<2>(columns[0], columns[2], LaneIndices{});
    exchange<2>(columns[1], columns[3], LaneIndices{});
}

}  // namespace

void turn(const Part& part, float* to, std::int64_t to_stride) {
    // The last rows first: what is written behind them belongs to the first rows of the next
    // column.
    for (std::int64_t first = (part.rows - 1) / kLanes * kLanes; first >= 0; first -= kLanes) {
        const std::int64_t last = part.rows - 1 - first;
        const float* row[kLanes];
        for (int i = 0; i < kLanes; ++i)
            row[i] = part.from + (first + (i < last ? i : last)) * part.stride;
        Vector columns[4];
        std::int64_t k = 0;
        for (; k + 4 <= part.columns; k += 4) {
            turn_four([&](int i) { return load_four(row[i] + k); }, columns);
            PROMPTCL_UNROLL
            for (int i = 0; i < 4; ++i)
                store(to + (k + i) * to_stride + first, columns[i]);
        }
        if (const std::int64_t left = part.columns - k; left > 0) {
            turn_four([&](int i) { return load_part_of_four(row[i] + k, left); }, columns);
            for (int i = 0; i < left; ++i)
                store(to + (k + i) * to_stride + first, columns[i]);
        }
    }
}

}  // namespace promptcl::engine::PROMPTCL_LANES
