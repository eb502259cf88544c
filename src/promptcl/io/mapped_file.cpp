#include "promptcl/io/mapped_file.h"

#include <cerrno>
#include <sys/mman.h>
#include <utility>

namespace promptcl::io {

MappedFile::MappedFile(const File& file) {
    const auto size = static_cast<std::size_t>(file.size());
    if (size == 0) return;  // mmap refuses it
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (start == MAP_FAILED) throw file_error("read", file.name(), errno);
    bytes_ = {static_cast<std::byte*>(start), size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace promptcl::io
