// Memory of the engine: large, aligned, and taken once.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>

namespace promptcl::engine {

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

/// Hands out parts of a block of floats, each on a boundary of 64 bytes. Over no block at all it
/// only counts.
class Carver {
  public:
    explicit Carver(float* block = nullptr) : block_(block) {}

    float* take(std::int64_t size) {
        float* part = block_ == nullptr ? nullptr : block_ + used_;
        used_ += (size + kAlign - 1) / kAlign * kAlign;
        return part;
    }
    std::int64_t used() const { return used_; }

  private:
    static constexpr std::int64_t kAlign = 16;
    float* block_;
    std::int64_t used_ = 0;
};

}  // namespace promptcl::engine
