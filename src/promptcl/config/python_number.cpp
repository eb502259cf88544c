#include "promptcl/config/python_number.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace promptcl::config {
namespace {

using Json = nlohmann::json;
using Result = std::optional<Json>;

bool is_whole(const Json& value) {
    return value.is_boolean() || value.is_number_integer();
}
std::int64_t whole(const Json& value) {
    return value.is_boolean() ? (value.get<bool>() ? 1 : 0) : value.get<std::int64_t>();
}
double real(const Json& value) {
    return is_whole(value) ? static_cast<double>(whole(value)) : value.get<double>();
}

/// The remainder with the sign of the divisor.
template <class Number>
Number with_sign_of(Number remainder, Number divisor) {
    return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder;
}

Result power(std::int64_t base, std::int64_t exponent) {
    std::int64_t result = 1;
    // Any base but 0, 1 and -1 leaves 64 bits within 63 steps.
    if (base == 0 || base == 1 || base == -1) {
        if (exponent == 0) return Json(1);
        return Json(base == -1 && exponent % 2 == 0 ? 1 : base);
    }
    for (std::int64_t i = 0; i < exponent; ++i) {
        if (__builtin_mul_overflow(result, base, &result)) return std::nullopt;
    }
    return Json(result);
}

Result of_wholes(std::int64_t left, std::string_view operation, std::int64_t right) {
    std::int64_t result = 0;
    if (operation == "+" && !__builtin_add_overflow(left, right, &result)) return Json(result);
    if (operation == "-" && !__builtin_sub_overflow(left, right, &result)) return Json(result);
    if (operation == "*" && !__builtin_mul_overflow(left, right, &result)) return Json(result);
    if (operation == "**") return power(left, right);
    const bool divides = operation == "//" || operation == "%";
    if (!divides || right == 0) return std::nullopt;
    if (right == -1) return of_wholes(0, "-", operation == "//" ? left : 0);
    const std::int64_t remainder = with_sign_of(left % right, right);
    const std::int64_t quotient = left / right - (remainder == left % right ? 0 : 1);
    return Json(operation == "%" ? remainder : quotient);
}

Result of_reals(double left, std::string_view operation, double right) {
    double result = std::numeric_limits<double>::quiet_NaN();
    if (operation == "+") result = left + right;
    if (operation == "-") result = left - right;
    if (operation == "*") result = left * right;
    if (operation == "/" && right != 0) result = left / right;
    if (operation == "%" && right != 0) result = with_sign_of(std::fmod(left, right), right);
    if (operation == "//" && right != 0)
        result = std::round((left - with_sign_of(std::fmod(left, right), right)) / right);
    if (operation == "**") result = std::pow(left, right);
    return std::isfinite(result) ? Result(result) : std::nullopt;
}

}  // namespace

Result python_arithmetic(const Json& left, std::string_view operation, const Json& right) {
    for (const Json* side : {&left, &right}) {
        if (!is_whole(*side) && !side->is_number_float()) return std::nullopt;
    }
    const bool stays_whole = is_whole(left) && is_whole(right) && operation != "/" &&
                             !(operation == "**" && whole(right) < 0);
    return stays_whole ? of_wholes(whole(left), operation, whole(right))
                       : of_reals(real(left), operation, real(right));
}

Result python_number(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto is_digit = [&](std::size_t at) {
            return at < text.size() && text[at] >= '0' && text[at] <= '9';
        };
        if (text[i] == '_') {
            if (i == 0 || !is_digit(i - 1) || !is_digit(i + 1)) return std::nullopt;
        } else {
            digits += text[i];
        }
    }
    const char* end = digits.data() + digits.size();
    if (digits.find_first_not_of("0123456789") == std::string::npos) {
        std::int64_t value = 0;
        const auto [stop, failure] = std::from_chars(digits.data(), end, value);
        const bool octal = digits.size() > 1 && digits.front() == '0' && value != 0;
        return failure == std::errc() && stop == end && !octal ? Result(value) : std::nullopt;
    }
    if (digits.find_first_not_of("0123456789.eE+-") != std::string::npos) return std::nullopt;
    double value = 0;
    const auto [stop, failure] = std::from_chars(digits.data(), end, value);
    return failure == std::errc() && stop == end ? Result(value) : std::nullopt;
}

}  // namespace promptcl::config
