#include "promptcl/data/datasets/synset.h"

#include <algorithm>

namespace promptcl::data {

bool is_synset(std::string_view name) {
    return name.size() == 9 && name[0] == 'n' &&
           std::ranges::all_of(name.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

std::map<std::string, std::string> synset_names(const std::vector<std::string>& lines) {
    constexpr std::size_t kDigits = 9;
    std::map<std::string, std::string> names;
    for (const auto& line : lines) {
        if (line.size() < kDigits + 2 || !is_synset(line.substr(0, kDigits))) continue;
        if (line[kDigits] != ' ' && line[kDigits] != '\t') continue;
        const std::string name = line.substr(kDigits + 1);
        names.emplace(line.substr(0, kDigits), name.substr(0, name.find(',')));
    }
    return names;
}

}  // namespace promptcl::data
