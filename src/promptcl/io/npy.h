// One array in NumPy's .npy format.
#pragma once

#include "promptcl/io/array.h"
#include "promptcl/io/npy_header.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace promptcl::io {

/// The array of a whole .npy file; big-endian and column-major data are brought into Array's order.
/// An Error begins with "cannot read NAME".
Array read_npy(std::span<const std::byte> file, const std::string& name);

/// A .npy file, format version 1.0. Error for bfloat16.
std::vector<std::byte> write_npy(const Array& array);

/// The array of this header; `data` is what follows the header and has exactly its size.
Array array_of_npy(const NpyHeader& header, std::vector<std::byte> data);

}  // namespace promptcl::io
