#include "promptcl/config/nearest.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <limits>
#include <vector>

namespace promptcl::config {
namespace {

bool same_letter(char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) ==
           std::tolower(static_cast<unsigned char>(right));
}

}  // namespace

int edit_distance(std::string_view from, std::string_view to) {
    const std::size_t width = to.size() + 1;
    std::vector<int> cost((from.size() + 1) * width);
    const auto at = [&](std::size_t i, std::size_t j) -> int& { return cost[i * width + j]; };
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                at(i, j) = static_cast<int>(i + j);
                continue;
            }
            const int replaced = at(i - 1, j - 1) + (same_letter(from[i - 1], to[j - 1]) ? 0 : 1);
            at(i, j) = std::min({replaced, at(i - 1, j) + 1, at(i, j - 1) + 1});
            const bool swapped = i > 1 && j > 1 && same_letter(from[i - 1], to[j - 2]) &&
                                 same_letter(from[i - 2], to[j - 1]);
            if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
        }
    }
    return at(from.size(), to.size());
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
    std::optional<std::string_view> best;
    int best_distance = std::numeric_limits<int>::max();
    const auto consider = [&](std::string_view name, std::string_view candidate) {
        const int distance = edit_distance(word, name);
        const auto longer = static_cast<int>(std::max(word.size(), name.size()));
        if (distance < best_distance && distance <= std::max(1, longer / 3)) {
            best = candidate;
            best_distance = distance;
        }
    };
    for (const auto candidate : candidates) {
        consider(candidate, candidate);
        const auto dot = candidate.rfind('.');
        if (dot != std::string_view::npos) consider(candidate.substr(dot + 1), candidate);
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    const auto found = nearest(word, candidates);
    return found ? fmt::format("did you mean \"{}\"?", *found) : std::string();
}

}  // namespace promptcl::config
