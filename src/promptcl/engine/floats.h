// Memory of the engine: large, aligned, and taken once.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace promptcl::engine {

/// So many floats, rounded up to whole cache lines.
constexpr std::int64_t whole_lines(std::int64_t floats) {
    constexpr std::int64_t kLine = 16;
    return (floats + kLine - 1) / kLine * kLine;
}

/// Uninitialised floats on a boundary of 64 bytes. Room is only ever added: what was asked for once
/// costs no page fault again.
class Floats {
  public:
    Floats() = default;
    explicit Floats(std::int64_t size) { reserve(size); }

    /// At least `size` floats from here on; what was in them is lost when they move.
    float* reserve(std::int64_t size);
    float* data() const { return data_.get(); }
    std::int64_t size() const { return size_; }

  private:
    struct Free {
        void operator()(float* data) const { std::free(data); }
    };
    std::unique_ptr<float, Free> data_;
    std::int64_t size_ = 0;
};

/// Hands out floats that live as long as it does, each part on a boundary of 64 bytes, out of large
/// blocks: parts that lie together share huge pages.
class FloatArena {
  public:
    float* take(std::int64_t size);

  private:
    std::vector<Floats> blocks_;
    std::int64_t used_ = 0;  // of the last block
};

/// Hands out parts of a block of floats, each on a boundary of 64 bytes. Over no block at all it
/// only counts.
class Carver {
  public:
    explicit Carver(float* block = nullptr) : block_(block) {}

    float* take(std::int64_t size) {
        float* part = block_ == nullptr ? nullptr : block_ + used_;
        used_ += whole_lines(size);
        return part;
    }
    std::int64_t used() const { return used_; }

  private:
    float* block_;
    std::int64_t used_ = 0;
};

}  // namespace promptcl::engine
