// JSON in files that anybody may have written.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace promptcl::io {

// Both throw nlohmann::json::exception for what they refuse.

/// Also refuses what is nested so deeply that copying or printing it could take the whole stack.
template <class Json = nlohmann::json>  // or nlohmann::ordered_json
Json parse_json(std::string_view text);

/// Refuses all but a whole number; the library makes one of anything that counts.
std::int64_t whole_number(const nlohmann::json& value);
std::vector<std::int64_t> whole_numbers(const nlohmann::json& values);

}  // namespace promptcl::io
