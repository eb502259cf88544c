#include "promptcl/serve/form.h"

#include "promptcl/serve/request.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace promptcl::serve {
namespace {

constexpr std::string_view kEndOfLine = "\r\n", kEndOfHead = "\r\n\r\n";

[[noreturn]] void refuse(const std::string& what) {
    throw Refusal(400, "the form is malformed: " + what,
                  "send it as curl -F image=@FILE does, or send the file alone as the body");
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return result;
}

/// The value of `filename="..."` in the head of a part.
std::optional<std::string> filename_in(std::string_view head) {
    constexpr std::string_view kStart = "filename=\"";
    const std::size_t at = lower(head).find(kStart);
    if (at == std::string::npos) return std::nullopt;
    const std::string_view rest = head.substr(at + kStart.size());
    return std::string(rest.substr(0, rest.find('"')));
}

/// Takes the text up to `end` off the front of `text`, and `end` with it.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at + end.size());
    return taken;
}

}  // namespace

bool is_form(std::string_view content_type) {
    return lower(content_type).starts_with("multipart/form-data");
}

FormFile file_of_form(std::string_view body) {
    const auto line = take_until(body, kEndOfLine);
    if (!line || !line->starts_with("--") || line->size() < 3)
        refuse("it does not begin with a delimiter");
    const std::string delimiter = std::string(kEndOfLine) + std::string(*line);
    std::optional<FormFile> first;
    while (true) {
        const auto head = take_until(body, kEndOfHead);
        if (!head) refuse("a part of it has no head");
        const auto contents = take_until(body, delimiter);
        if (!contents) refuse("a part of it has no end");
        const auto filename = filename_in(*head);
        if (filename) return {.name = *filename, .contents = *contents};
        if (!first) first = {.name = "", .contents = *contents};
        if (body.starts_with("--")) return *first;
        if (!body.starts_with(kEndOfLine)) refuse("a delimiter does not end its line");
        body.remove_prefix(kEndOfLine.size());
    }
}

}  // namespace promptcl::serve
