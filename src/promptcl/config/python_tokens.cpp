#include "promptcl/config/python_tokens.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <utility>

namespace promptcl::config {
namespace {

using Kind = PythonToken::Kind;

bool starts_name(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool in_name(char c) {
    return starts_name(c) || is_digit(c);
}

/// With a line end at its end, and '\n' as every line end.
std::string normalized(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        result += text[i];
    }
    if (!result.ends_with('\n')) result += '\n';
    return result;
}

class Reader {
  public:
    Reader(std::string_view text, const std::filesystem::path& file)
        : text_(normalized(text)), file_(file) {}

    std::vector<PythonLine> lines() {
        while (at_ < text_.size())
            read_logical_line();
        if (depth_ > 0) refuse("a bracket that is never closed", "close it");
        return std::move(lines_);
    }

  private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool follows(std::string_view word) const {
        return std::string_view(text_).substr(at_).starts_with(word);
    }

    [[noreturn]] void refuse(std::string_view what, std::string_view hint) const {
        refuse_python(file_, line_, what, hint);
    }

    void read_logical_line() {
        PythonLine current{line_, 0, text_.substr(at_, text_.find('\n', at_) - at_), {}};
        for (; peek() == ' ' || peek() == '\t'; ++at_)
            current.indent += peek() == '\t' ? 8 - current.indent % 8 : 1;
        while (!skip_to_token())
            read_token(current.tokens);
        if (!current.tokens.empty()) lines_.push_back(std::move(current));
    }

    /// Eats blanks, comments and continued line ends; whether the logical line ended.
    bool skip_to_token() {
        while (at_ < text_.size()) {
            if (peek() == '#') at_ = text_.find('\n', at_);
            const bool continued = follows("\\\n");
            if (continued) ++at_;
            if (peek() == '\n') {
                ++at_;
                ++line_;
                if (depth_ == 0 && !continued) return true;
            } else if (peek() == ' ' || peek() == '\t' || peek() == '\f') {
                ++at_;
            } else {
                return false;
            }
        }
        return true;
    }

    void read_token(std::vector<PythonToken>& tokens) {
        const std::int64_t line = line_;
        if (peek() == '"' || peek() == '\'') {
            tokens.push_back({Kind::kString, read_string(), line});
        } else if (starts_name(peek())) {
            const std::size_t start = at_;
            while (in_name(peek()))
                ++at_;
            tokens.push_back({Kind::kName, text_.substr(start, at_ - start), line});
        } else if (is_digit(peek()) || (peek() == '.' && is_digit(peek(1)))) {
            tokens.push_back({Kind::kNumber, read_number(), line});
        } else {
            tokens.push_back({Kind::kOperator, read_operator(), line});
        }
    }

    /// Digits, letters, '_' and '.', and the sign of an exponent; what it is worth is judged later.
    std::string read_number() {
        const std::size_t start = at_;
        while (
            in_name(peek()) || peek() == '.' ||
            ((peek() == '+' || peek() == '-') && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E')))
            ++at_;
        return text_.substr(start, at_ - start);
    }

    std::string read_operator() {
        const std::size_t length = follows("**") || follows("//") || follows("->") ? 2 : 1;
        if (length == 1 && std::string_view("()[]{}=.,:+-*/%").find(peek()) == std::string::npos)
            refuse(fmt::format("the character {}", shown(peek())),
                   "keep to assignments of literals and their arithmetic");
        if (std::string_view("([{").find(peek()) != std::string::npos) ++depth_;
        if (std::string_view(")]}").find(peek()) != std::string::npos && --depth_ < 0)
            refuse("a closing bracket without an opening one", "remove it");
        at_ += length;
        return text_.substr(at_ - length, length);
    }

    static std::string shown(char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > ' ' && byte < 0x7f ? std::string(1, c) : fmt::format("0x{:02x}", byte);
    }

    std::string read_string() {
        const std::string quote(1, peek());
        const std::string triple = quote + quote + quote;
        const std::string end = follows(triple) ? triple : quote;
        at_ += end.size();
        std::string value;
        while (!follows(end)) {
            if (at_ >= text_.size() || (peek() == '\n' && end.size() == 1))
                refuse("a text that is never closed", "close its quotes");
            if (peek() == '\n') ++line_;
            if (peek() == '\\') {
                value += read_escape();
            } else {
                value += text_[at_++];
            }
        }
        at_ += end.size();
        return value;
    }

    std::string read_escape() {
        const char c = peek(1);
        at_ += 2;
        if (c == 'n') return "\n";
        if (c == 't') return "\t";
        if (c == '\\' || c == '\'' || c == '"') return std::string(1, c);
        if (c != '\n')
            refuse(fmt::format("the escape \\{}", shown(c)), "write the character itself");
        ++line_;
        return "";
    }

    std::string text_;
    const std::filesystem::path& file_;
    std::size_t at_ = 0;
    std::int64_t line_ = 1;
    int depth_ = 0;
    std::vector<PythonLine> lines_;
};

}  // namespace

std::vector<PythonLine> python_lines(std::string_view text, const std::filesystem::path& file) {
    return Reader(text, file).lines();
}

void refuse_python(const std::filesystem::path& file, std::int64_t line, std::string_view what,
                   std::string_view hint) {
    throw UsageError(
        fmt::format("{} holds what promptcl does not run: line {}: {}", file.string(), line, what),
        hint);
}

}  // namespace promptcl::config
