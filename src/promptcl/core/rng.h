// Randomness that is passed, named and needs no saved state.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace promptcl {

/// A stream of random numbers that is a pure function of the run's seed and of the names on the
/// path to it.
///
/// `Rng(seed).fork("crop", 17)` is the same stream on every machine, in every thread and after
/// every resume, and a new consumer shifts no other: forking reads the key of the parent, never its
/// position. So the position of a run (task, step) is all that a checkpoint needs to hold.
class Rng {
  public:
    explicit Rng(std::uint64_t seed) : Rng(Key{mix(seed)}) {}

    /// The child stream of this name and number.
    Rng fork(std::string_view name, std::int64_t number = 0) const;

    std::uint64_t next() { return engine_(); }
    /// Uniform in [0, 1), 53 bits.
    double uniform();
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform in {0, ..., n-1}, without modulo bias; n >= 1.
    std::int64_t below(std::int64_t n);
    /// Standard normal (Box-Muller, one value a call).
    double normal();
    /// A uniformly drawn order of 0..n-1 (Fisher-Yates).
    std::vector<std::int64_t> permutation(std::int64_t n);
    /// A seed for a generator of another library.
    std::uint64_t seed() const { return key_; }

  private:
    struct Key {
        std::uint64_t value;
    };
    explicit Rng(Key key) : key_(key.value), engine_(key.value) {}
    static std::uint64_t mix(std::uint64_t value);

    std::uint64_t key_;
    std::mt19937_64 engine_;
};

}  // namespace promptcl
