// The nearest known word to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace promptcl::config {

/// Fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the
/// other (optimal string alignment), case ignored.
int edit_distance(std::string_view from, std::string_view to);

/// The candidate nearest to `word`: by the whole name or, for dotted names, by its last part.
/// Nothing when even that one shares little with the word.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// `did you mean "NEAREST"?`; empty when nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace promptcl::config
