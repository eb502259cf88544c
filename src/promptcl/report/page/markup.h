// HTML that is put together from texts without a way for a text to become HTML.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace promptcl::report {

/// A piece of HTML. Text enters by text() and as the value of an attribute, both escaped; what is
/// not UTF-8, as the name of a file may be, becomes U+FFFD.
class Markup {
  public:
    Markup() = default;

    const std::string& html() const { return html_; }
    bool empty() const { return html_.empty(); }
    Markup& operator+=(const Markup& other);
    friend Markup operator+(Markup left, const Markup& right) { return std::move(left += right); }

  private:
    explicit Markup(std::string html) : html_(std::move(html)) {}
    friend Markup text(std::string_view);
    friend Markup raw(std::string_view);

    std::string html_;
};

using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// The text with the five characters that mean something in HTML written as references.
Markup text(std::string_view characters);
/// HTML of this program's own source; never anything read from a file.
Markup raw(std::string_view html);
/// <name attributes>content</name>; `name` and the attributes' names are of this program's source.
Markup element(std::string_view name, Attributes attributes, const Markup& content);
/// The same around a text.
Markup element(std::string_view name, Attributes attributes, std::string_view characters);
/// An element that holds nothing, such as <img>.
Markup empty_element(std::string_view name, Attributes attributes);
/// <script type="application/json">: data that page.js reads. Nothing in it can end the element.
Markup json_element(const nlohmann::ordered_json& data);

}  // namespace promptcl::report
