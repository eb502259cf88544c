#include "promptcl/io/json.h"

namespace promptcl::io {
namespace {

using nlohmann::json;

constexpr int kDeepest = 100;  // promptcl's own files stay below 10

}  // namespace

template <class Json>
Json parse_json(std::string_view text) {
    return Json::parse(text, [](int depth, typename Json::parse_event_t, const Json&) {
        if (depth > kDeepest)
            throw json::other_error::create(501, "it is nested too deeply", nullptr);
        return true;
    });
}

template json parse_json(std::string_view);
template nlohmann::ordered_json parse_json(std::string_view);

std::int64_t whole_number(const json& value) {
    return value.get_ref<const json::number_integer_t&>();
}

std::vector<std::int64_t> whole_numbers(const json& values) {
    std::vector<std::int64_t> result;
    for (const json& value : values.get_ref<const json::array_t&>())
        result.push_back(whole_number(value));
    return result;
}

}  // namespace promptcl::io
