// The classes of ImageNet, by their WordNet numbers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::data {

/// Whether a name is a synset's: n and eight digits.
bool is_synset(std::string_view name);

/// The names that lines such as "n01443537 goldfish" or "n01443537\tgoldfish, Carassius auratus"
/// give to synsets, up to the first comma; other lines say nothing.
std::map<std::string, std::string> synset_names(const std::vector<std::string>& lines);

}  // namespace promptcl::data
