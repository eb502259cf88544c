#include "promptcl/engine/floats.h"

#include <algorithm>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace promptcl::engine {
namespace {

constexpr std::size_t kCacheLine = 64, kHugePage = 2U << 20U;

}  // namespace

float* Floats::reserve(std::int64_t size) {
    if (size <= size_) return data_.get();
    const std::size_t wanted = static_cast<std::size_t>(size) * sizeof(float);
    const std::size_t align = wanted >= kHugePage ? kHugePage : kCacheLine;
    const std::size_t bytes = (wanted + align - 1) / align * align;
    data_.reset();
    size_ = 0;
    data_.reset(static_cast<float*>(std::aligned_alloc(align, bytes)));
    if (!data_) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (align == kHugePage) ::madvise(data_.get(), bytes, MADV_HUGEPAGE);
#endif
    size_ = size;
    return data_.get();
}

float* FloatArena::take(std::int64_t size) {
    constexpr std::int64_t kBlock = 16 << 20;  // 64 MiB
    const std::int64_t wanted = whole_lines(size);
    if (blocks_.empty() || used_ + wanted > blocks_.back().size()) {
        blocks_.emplace_back(std::max(wanted, kBlock));
        used_ = 0;
    }
    return blocks_.back().data() + std::exchange(used_, used_ + wanted);
}

}  // namespace promptcl::engine
