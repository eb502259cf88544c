// MATLAB 5 files put together byte for byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::io {

/// A variable of class uint8; `elements` in column-major order.
std::string mat_bytes_variable(const std::string& name, const std::vector<std::int32_t>& shape,
                               const std::string& elements);
/// A variable of class double, whose elements MATLAB keeps as bytes where they fit.
std::string mat_double_variable(const std::string& name, const std::vector<std::int32_t>& shape,
                                const std::string& elements);

/// The variable as a miCOMPRESSED element, deflated without compression.
std::string mat_compressed(const std::string& variable);

/// A file of these variables.
std::string mat_file(const std::vector<std::string>& variables);

}  // namespace promptcl::io
