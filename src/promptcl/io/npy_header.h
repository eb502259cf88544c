// The header of a .npy array (NumPy's format, versions 1 to 3).
#pragma once

#include "promptcl/io/array.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace promptcl::io {

struct NpyHeader {
    ArrayInfo info;
    bool big_endian = false;
    bool fortran_order = false;  // first index fastest
};

/// The bytes that must be there before npy_header_size() can tell.
inline constexpr std::size_t kNpyPreamble = 12;

/// The bytes before the data, told by the first kNpyPreamble bytes of the file; nothing when these
/// are no .npy file or promise a header of more than 1 MiB.
std::optional<std::size_t> npy_header_size(std::span<const std::byte> preamble);

/// `header` is the first npy_header_size() bytes of the file. An Error begins with
/// "cannot read NAME". The bytes of the announced array fit in int64.
NpyHeader parse_npy_header(std::span<const std::byte> header, const std::string& name);

/// The header (version 1.0) of a row-major array, padded to a multiple of 64 bytes.
/// Error for a dtype that the format has no code for (bfloat16).
std::string format_npy_header(const ArrayInfo& info);

}  // namespace promptcl::io
