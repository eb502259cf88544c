#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

std::int64_t multiply_add(std::int64_t rounds, float* result) {
    // Sums that do not wait for each other: two units with a latency of four to five need ten; with
    // the factor they fit into sixteen registers.
    constexpr int kSums = 12;
    const Vector factor = all(0.999F + *result * 0);  // not known to the compiler
    Vector sums[kSums];
    Vector start = {};  // each starts elsewhere, or the compiler would see that they are the same
    for (Vector& sum : sums) {
        start += factor;
        sum = start;
    }
    for (std::int64_t round = 0; round < rounds; ++round) {
        PROMPTCL_UNROLL
        for (Vector& sum : sums)
            sum = sum * factor + factor;
    }
    float total = 0;
    for (const Vector& sum : sums) {
        for (int lane = 0; lane < kLanes; ++lane)
            total += sum[lane];
    }
    *result = total;
    return rounds * kSums * kLanes * 2;
}

}  // namespace promptcl::engine::PROMPTCL_LANES
