#include "fuzz/json_mutator.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>

namespace promptcl::fuzz {

using nlohmann::json;

json& JsonMutator::any_node(json& document) {
    json* node = &document;
    while (node->is_structured() && !node->empty() && below(8) != 0)
        node = &*std::next(node->begin(), static_cast<std::ptrdiff_t>(below(node->size())));
    return *node;
}

json JsonMutator::any_value(const json& was) {
    using Limits = std::numeric_limits<std::int64_t>;
    static const std::vector<json> kValues = {
        nullptr,       true,          false,         0,     1,   2,  -1,
        Limits::max(), Limits::min(), UINT64_MAX,    1e300, 0.5, "", "x",
        "[[[",         json::array(), json::object()};
    if (was.is_number_integer() && below(2) == 0)
        return was.get<std::int64_t>() / 2 + static_cast<std::int64_t>(below(5)) - 2;
    return kValues[below(kValues.size())];
}

void JsonMutator::change(json& document) {
    json& node = any_node(document);
    const json copied = any_node(document);
    switch (below(4)) {
        case 0:
            node = any_value(node);
            return;
        case 1:
            node = copied;
            return;
        case 2:
            if (node.is_array()) node.push_back(copied);
            if (node.is_object())
                node[copied.is_string() ? copied.get<std::string>() : "x"] = copied;
            return;
        default:
            if (!node.is_structured() || node.empty()) return;
            node.erase(std::next(node.begin(), static_cast<std::ptrdiff_t>(below(node.size()))));
    }
}

std::size_t mutate_json(const std::vector<json>& examples, std::uint8_t* data, std::size_t size,
                        std::size_t most, unsigned seed) {
    JsonMutator mutator(seed);
    json document = json::parse(data, data + size, nullptr, /*allow_exceptions=*/false);
    if (!document.is_object()) document = examples[mutator.below(examples.size())];
    for (std::size_t changes = 1 + mutator.below(4); changes > 0; --changes)
        mutator.change(document);
    const std::string text = document.dump();
    if (text.size() > most) return size;
    std::memcpy(data, text.data(), text.size());
    return text.size();
}

}  // namespace promptcl::fuzz
