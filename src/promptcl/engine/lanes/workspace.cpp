#include "promptcl/engine/lanes/workspace.h"

#include "promptcl/engine/lanes/functions.h"
#include "promptcl/engine/lanes/parts.h"
#include "promptcl/engine/lanes/transpose.h"

namespace promptcl::engine::PROMPTCL_LANES {
namespace {

std::int64_t lines(std::int64_t floats) {
    return parts_of(floats, kLine);
}

/// Gives out places one behind the other, each from a whole cache line on.
class Places {
  public:
    std::int64_t take(std::int64_t floats) {
        const std::int64_t place = next_;
        next_ += lines(floats) * kLine;
        return place;
    }
    std::int64_t end() const { return next_; }

  private:
    std::int64_t next_ = 0;
};

}  // namespace

HeadSizes sizes_of(const Attention& shape) {
    const std::int64_t total = shape.prefix + shape.keys;
    return {.width = shape.head_width,
            .padded = lines(shape.head_width) * kLine,
            .total = total,
            .stride = (lines(total + kLine - 1) | 1) * kLine};
}

ForwardSpace forward_space(const HeadSizes& sizes) {
    Places places;
    ForwardSpace space;
    space.keys_t = places.take(sizes.width * sizes.stride);
    space.values = places.take(sizes.total * sizes.padded);
    space.p = places.take(kForwardRows * sizes.stride);
    space.out = places.take(kForwardRows * sizes.padded);
    space.end = places.end();
    return space;
}

BackwardSpace backward_space(const HeadSizes& sizes) {
    Places places;
    BackwardSpace space;
    space.keys = places.take(sizes.total * sizes.padded);
    space.keys_t = places.take(sizes.width * sizes.stride);
    space.values_t = places.take(sizes.width * sizes.stride);
    space.d_keys = places.take(sizes.total * sizes.padded);
    space.d_values = places.take(sizes.total * sizes.padded);
    space.p = places.take(kBackwardRows * sizes.stride);
    space.d_p = places.take(kBackwardRows * sizes.stride);
    space.q = places.take(kBackwardRows * sizes.padded);
    space.d_out = places.take(kBackwardRows * sizes.padded);
    space.d_q = places.take(kBackwardRows * sizes.padded);
    space.end = places.end();
    return space;
}

std::int64_t attention_scratch(const Attention& shape) {
    const HeadSizes sizes = sizes_of(shape);
    const std::int64_t forward = forward_space(sizes).end, backward = backward_space(sizes).end;
    return (forward > backward ? forward : backward) + kLine;
}

float* aligned(float* scratch) {
    const auto address = reinterpret_cast<std::uintptr_t>(scratch) / sizeof(float);
    return scratch + (kLine - address % kLine) % kLine;
}

void gather(const Rows<const float>& rows, std::int64_t column, const HeadSizes& sizes, float* to) {
    for (std::int64_t row = 0; row < rows.count; ++row, to += sizes.padded) {
        const float* from = rows.first + row * rows.stride + column;
        std::int64_t i = 0;
        for (; i + kLanes <= sizes.width; i += kLanes)
            store(to + i, load(from + i));
        for (; i < sizes.width; ++i)
            to[i] = from[i];
        for (; i < sizes.padded; ++i)
            to[i] = 0;
    }
}

void scatter(const float* from, const HeadSizes& sizes, const Rows<float>& rows,
             std::int64_t column) {
    for (std::int64_t row = 0; row < rows.count; ++row, from += sizes.padded) {
        float* to = rows.first + row * rows.stride + column;
        std::int64_t i = 0;
        for (; i + kLanes <= sizes.width; i += kLanes)
            store(to + i, load(from + i));
        for (; i < sizes.width; ++i)
            to[i] = from[i];
    }
}

void transpose(const Rows<const float>& rows, std::int64_t column, const HeadSizes& sizes,
               float* to) {
    if (rows.count == 0) return;
    turn({rows.first + column, rows.stride, rows.count, sizes.width}, to, sizes.stride);
}

}  // namespace promptcl::engine::PROMPTCL_LANES
