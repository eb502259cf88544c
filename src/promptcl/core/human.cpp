#include "promptcl/core/human.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace promptcl {

std::string percent(double fraction, int decimals) {
    return std::isnan(fraction) ? "-" : fmt::format("{:.{}f} %", 100 * fraction, decimals);
}

std::string human_bytes(double bytes) {
    constexpr std::array<std::string_view, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
        bytes /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{:.0f} B", bytes)
                     : fmt::format("{:.3g} {}", bytes, kUnits[unit]);
}

std::string clock_text(double seconds) {
    const auto total = static_cast<long>(std::lround(std::max(0.0, seconds)));
    if (total >= 3600)
        return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
    return fmt::format("{}:{:02}", total / 60, total % 60);
}

}  // namespace promptcl
