// The dictionaries in which Python programs pickle their data sets.
#pragma once

#include "promptcl/io/array.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace promptcl::io {

/// Strings are text or bytes; monostate is a value of another kind, which is there and not read.
using PickledValue = std::variant<std::monostate, std::int64_t, std::string,
                                  std::vector<std::int64_t>, std::vector<std::string>, Array>;
using PickledDict = std::map<std::string, PickledValue, std::less<>>;

/// The dictionary pickled in `file`: protocol 2 of Python 2, or 2 to 4 of Python 3; values are
/// integers, strings, lists of either, and NumPy arrays of bytes (uint8, row-major here whatever
/// the file has). Nothing is executed: an instruction, or a function named in the file, that such a
/// dictionary does not need is an Error that names it. So is a file that is damaged or cut off.
/// `name` is the file's in errors.
/// Source: https://docs.python.org/3/library/pickletools.html and PEP 307, 3154.
PickledDict read_pickle(std::string_view file, const std::string& name);

}  // namespace promptcl::io
