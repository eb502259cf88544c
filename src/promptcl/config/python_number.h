// The arithmetic of Python's numbers.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace promptcl::config {

/// `left` OPERATION `right` for + - * / // % **, as Python computes it: whole numbers stay whole
/// except under / and negative powers, // rounds down, % has the sign of its right side, True is 1.
/// Nothing where a side is no number, the result is no number or does not fit 64 bits.
std::optional<nlohmann::json> python_arithmetic(const nlohmann::json& left,
                                                std::string_view operation,
                                                const nlohmann::json& right);

/// The value of a number as written in Python: 3, 1_000, 1e-3, .5, 5. (0x and its like are not
/// read). Nothing for what is none.
std::optional<nlohmann::json> python_number(std::string_view text);

}  // namespace promptcl::config
