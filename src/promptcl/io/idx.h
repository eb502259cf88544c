// The format of MNIST's files.
#pragma once

#include "promptcl/io/array.h"

#include <string>
#include <string_view>

namespace promptcl::io {

/// The uint8 array in an IDX `file`: two bytes of zero, the element type (8: unsigned byte), the
/// number of dimensions, each of them as a big-endian 32-bit integer, the elements in row-major
/// order. Error calling the file `name` when it is something else, or longer or shorter than its
/// dimensions say. Source: http://yann.lecun.com/exdb/mnist/, "the IDX file format".
Array read_idx(std::string_view file, const std::string& name);

}  // namespace promptcl::io
