#include "promptcl/report/page/markup.h"

#include <fmt/format.h>

namespace promptcl::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& data) {
    return data.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

std::string valid_utf8(std::string_view bytes) {
    return Json::parse(dumped(std::string(bytes))).get<std::string>();
}

std::string escaped(std::string_view characters) {
    std::string html;
    for (const char character : valid_utf8(characters)) {
        switch (character) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                html += character;
        }
    }
    return html;
}

std::string start_tag(std::string_view name, Attributes attributes) {
    std::string html = fmt::format("<{}", name);
    for (const auto& [attribute, value] : attributes)
        html += fmt::format(" {}=\"{}\"", attribute, escaped(value));
    return html + ">";
}

}  // namespace

Markup& Markup::operator+=(const Markup& other) {
    html_ += other.html_;
    return *this;
}

Markup text(std::string_view characters) {
    return Markup(escaped(characters));
}

Markup raw(std::string_view html) {
    return Markup(std::string(html));
}

Markup element(std::string_view name, Attributes attributes, const Markup& content) {
    return raw(fmt::format("{}{}</{}>", start_tag(name, attributes), content.html(), name));
}

Markup element(std::string_view name, Attributes attributes, std::string_view characters) {
    return element(name, attributes, text(characters));
}

Markup empty_element(std::string_view name, Attributes attributes) {
    return raw(start_tag(name, attributes));
}

Markup json_element(const Json& data) {
    // Inside strings alone can these stand, and there JSON has another way to write them.
    std::string json;
    for (const char character : dumped(data)) {
        const bool dangerous = character == '<' || character == '>' || character == '&';
        json += dangerous ? fmt::format("\\u{:04x}", character) : std::string(1, character);
    }
    return raw(start_tag("script", {{"type", "application/json"}}) + json + "</script>");
}

}  // namespace promptcl::report
