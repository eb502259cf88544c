#include "promptcl/io/npy.h"

#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace promptcl::io {
namespace {

void reverse_each(std::span<std::byte> bytes, std::size_t element_size) {
    for (std::size_t i = 0; i + element_size <= bytes.size(); i += element_size) {
        std::ranges::reverse(bytes.subspan(i, element_size));
    }
}

/// Elements whose first index runs fastest, put in the order in which the last one does.
std::vector<std::byte> to_row_major(std::span<const std::byte> source, const Shape& shape,
                                    std::size_t element_size) {
    std::vector<std::size_t> index(shape.size(), 0), stride(shape.size());
    std::size_t step = element_size;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        stride[axis] = step;
        step *= static_cast<std::size_t>(shape[axis]);
    }
    std::vector<std::byte> target(source.size());
    std::size_t from = 0;
    for (std::size_t to = 0; to < target.size(); to += element_size) {
        std::memcpy(target.data() + to, source.data() + from, element_size);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            from += stride[axis];
            if (++index[axis] < static_cast<std::size_t>(shape[axis])) break;
            from -= stride[axis] * index[axis];
            index[axis] = 0;
        }
    }
    return target;
}

}  // namespace

Array array_of_npy(const NpyHeader& header, std::vector<std::byte> data) {
    const std::size_t element_size = dtype_named(header.info.dtype).size;
    require(byte_count(header.info.shape, element_size) == static_cast<std::int64_t>(data.size()),
            "the data of a .npy array have the size of its header");
    if (header.big_endian) reverse_each(data, element_size);
    if (header.fortran_order && header.info.shape.size() > 1) {
        data = to_row_major(data, header.info.shape, element_size);
    }
    return {header.info.dtype, header.info.shape, std::move(data)};
}

Array read_npy(std::span<const std::byte> file, const std::string& name) {
    const auto broken = [&](std::string_view what) {
        return Error(fmt::format("cannot read {}: {}", name, what),
                     "copy or download the file again");
    };
    const auto header_size = npy_header_size(file);
    if (!header_size) throw broken("it is not a .npy array");
    if (*header_size > file.size()) throw broken("its .npy header is truncated");
    const auto header = parse_npy_header(file.first(*header_size), name);
    const auto data = file.subspan(*header_size);
    const auto wanted = *byte_count(header.info.shape, dtype_named(header.info.dtype).size);
    if (std::cmp_not_equal(data.size(), wanted)) {
        throw broken(fmt::format("{} of shape {} needs {} bytes of data and {} are there",
                                 header.info.dtype, to_string(header.info.shape), wanted,
                                 data.size()));
    }
    return array_of_npy(header, {data.begin(), data.end()});
}

std::vector<std::byte> write_npy(const Array& array) {
    expect_whole(array);
    const auto header = format_npy_header({array.dtype, array.shape});
    const auto start = std::as_bytes(std::span(header));
    std::vector<std::byte> file(start.begin(), start.end());
    file.insert(file.end(), array.bytes.begin(), array.bytes.end());
    return file;
}

}  // namespace promptcl::io
