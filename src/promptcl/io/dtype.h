// The element types that promptcl reads from and writes to files, with their names in each format.
#pragma once

#include <cstddef>
#include <string_view>

namespace promptcl::io {

struct DType {
    std::string_view name;         // as in NumPy, and in Array::dtype
    std::size_t size;              // bytes of one element
    std::string_view npy;          // type code of a .npy header without its byte order; empty: none
    std::string_view safetensors;  // name in a safetensors header
};

/// The element type of this name (in the format); nullptr where there is none.
const DType* find_dtype(std::string_view name);
const DType* find_npy_dtype(std::string_view code);
const DType* find_safetensors_dtype(std::string_view name);

/// The element type of an Array's dtype; Bug where there is none.
const DType& dtype_named(std::string_view name);

}  // namespace promptcl::io
