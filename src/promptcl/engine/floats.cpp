#include "promptcl/engine/floats.h"

#include <new>
#include <sys/mman.h>

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

}  // namespace promptcl::engine
