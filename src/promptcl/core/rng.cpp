#include "promptcl/core/rng.h"

#include "promptcl/core/error.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

namespace promptcl {

// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
// OOPSLA 2014).
std::uint64_t Rng::mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

Rng Rng::fork(std::string_view name, std::int64_t number) const {
    std::uint64_t key = mix(key_);
    for (const char letter : name)
        key = mix(key ^ static_cast<unsigned char>(letter));
    return Rng(Key{mix(key ^ mix(static_cast<std::uint64_t>(number)))});
}

double Rng::uniform() {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::int64_t Rng::below(std::int64_t n) {
    require(n >= 1, "Rng::below needs n >= 1");
    const auto range = static_cast<std::uint64_t>(n);
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / range * range;
    std::uint64_t drawn = next();
    while (drawn >= limit)
        drawn = next();
    return static_cast<std::int64_t>(drawn % range);
}

double Rng::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<std::int64_t> Rng::permutation(std::int64_t n) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t last = order.size(); last > 1; --last) {
        std::swap(order[last - 1],
                  order[static_cast<std::size_t>(below(static_cast<std::int64_t>(last)))]);
    }
    return order;
}

}  // namespace promptcl
