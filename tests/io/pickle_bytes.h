// Pickles put together instruction by instruction.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace promptcl::io {

/// As cPickle of Python 2 writes a dictionary of strings to values, in protocol 2.
std::string pickled_dict(const std::vector<std::pair<std::string, std::string>>& items);

/// The instructions that make a value of such a dictionary.
std::string pickled_string(const std::string& text);
std::string pickled_int(std::int64_t value);  // of 32 bits
std::string pickled_ints(const std::vector<std::int64_t>& values);
std::string pickled_strings(const std::vector<std::string>& texts);
/// A NumPy array of two dimensions; `dtype` is "u1" for bytes.
std::string pickled_array(int rows, int columns, const std::string& elements,
                          const std::string& dtype = "u1", bool column_major = false);

}  // namespace promptcl::io
