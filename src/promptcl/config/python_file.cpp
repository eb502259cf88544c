#include "promptcl/config/python_file.h"

#include "promptcl/config/python_tokens.h"
#include "promptcl/config/python_value.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace promptcl::config {
namespace {

using Json = nlohmann::json;
using Kind = PythonToken::Kind;

constexpr std::size_t kLargest = 1 << 20;  // bytes of a file
constexpr std::string_view kHint =
    "keep to assignments such as config.num_epochs = 5, or write the configuration as TOML";

class Reader {
  public:
    explicit Reader(const std::filesystem::path& file) : file_(file) {}

    PythonConfig read(std::string_view text) {
        if (text.size() > kLargest) refuse_python(file_, 1, "more than 1 MiB", kHint);
        const auto lines = python_lines(text, file_);
        for (const PythonLine& line : lines)
            read_line(line);
        if (!returned_) {
            refuse_python(file_, lines.empty() ? 1 : lines.back().line,
                          "no get_config() that returns its ConfigDict",
                          "end it with `return config`");
        }
        return std::move(found_);
    }

  private:
    [[noreturn]] void refuse(const PythonLine& line) const {
        const auto first = line.text.find_first_not_of(" \t");
        refuse_python(file_, line.line, fmt::format("`{}`", line.text.substr(first)), kHint);
    }

    static bool is_words(const PythonLine& line, std::initializer_list<std::string_view> words) {
        return std::ranges::equal(line.tokens, words, {}, &PythonToken::text);
    }
    static bool is_docstring(const PythonLine& line) {
        return line.tokens.size() == 1 && line.tokens.front().kind == Kind::kString;
    }

    void read_line(const PythonLine& line) {
        if (is_docstring(line)) return;
        if (!inside_) return read_outer_line(line);
        if (returned_) refuse(line);
        if (indent_ == 0) indent_ = line.indent;
        if (line.indent == 0 || line.indent != indent_) refuse(line);
        if (!root_.empty() && is_words(line, {"return", root_})) {
            returned_ = true;
        } else {
            read_assignment(line);
        }
    }

    void read_outer_line(const PythonLine& line) {
        if (line.indent != 0) refuse(line);
        const auto& words = line.tokens;
        const bool imports = words.size() > 1 && words[1].text == "ml_collections" &&
                             (words[0].text == "import" || words[0].text == "from");
        if (imports) return;
        inside_ = is_words(line, {"def", "get_config", "(", ")", ":"}) ||
                  is_words(line, {"def", "get_config", "(", ")", "->", "ml_collections", ".",
                                  "ConfigDict", ":"});
        if (!inside_) refuse(line);
    }

    /// The dotted key before '=', the name of the ConfigDict included; empty when there is none.
    static std::pair<std::string, std::size_t> target_of(const PythonLine& line) {
        std::string key;
        const auto& tokens = line.tokens;
        for (std::size_t i = 0; i + 1 < tokens.size(); i += 2) {
            if (tokens[i].kind != Kind::kName || tokens[i + 1].kind != Kind::kOperator) break;
            key += tokens[i].text;
            if (tokens[i + 1].text == "=") return {key, i + 2};
            if (tokens[i + 1].text != ".") break;
            key += ".";
        }
        return {"", 0};
    }

    void read_assignment(const PythonLine& line) {
        const auto [target, start] = target_of(line);
        if (start == 0) refuse(line);
        const Json value = python_value(
            std::span(line.tokens).subspan(start), root_.empty() ? target : root_,
            [&](const std::string& key) { return value_of(key); }, file_, line.line);
        if (root_.empty()) {
            if (!value.is_object() || target.find('.') != std::string::npos) refuse(line);
            root_ = target;
            for (const auto& [name, member] : value.items())
                assign(name, member, line);
            return;
        }
        if (!target.starts_with(root_ + ".")) refuse(line);
        assign(target.substr(root_.size() + 1), value, line);
    }

    const Json* value_of(const std::string& key) const {
        const auto setting = std::ranges::find(found_.settings, key, &Setting::key);
        return setting == found_.settings.end() ? nullptr : &setting->value;
    }

    void assign(const std::string& key, const Json& value, const PythonLine& line) {
        const auto dot = key.rfind('.');
        const std::string group = key.substr(0, dot == std::string::npos ? 0 : dot);
        if (!group.empty() && std::ranges::find(found_.groups, group) == found_.groups.end()) {
            refuse_python(
                file_, line.line, fmt::format("{} before there is a {}", key, group),
                fmt::format("write {}.{} = ml_collections.ConfigDict() above it", root_, group));
        }
        const auto is_old = [&](const std::string& other) {
            return other == key || other.starts_with(key + ".");
        };
        std::erase_if(found_.settings, [&](const auto& other) { return is_old(other.key); });
        std::erase_if(found_.groups, is_old);
        if (!value.is_object()) {
            found_.settings.push_back(
                {key, value, fmt::format("in {} (line {})", file_.string(), line.line)});
            return;
        }
        found_.groups.push_back(key);
        for (const auto& [name, member] : value.items())
            assign(key + "." + name, member, line);
    }

    const std::filesystem::path& file_;
    std::string root_;  // the name of the ConfigDict, once it is made
    bool inside_ = false, returned_ = false;
    std::int64_t indent_ = 0;
    PythonConfig found_;
};

}  // namespace

bool PythonConfig::has(std::string_view key) const {
    return std::ranges::find(settings, key, &Setting::key) != settings.end() ||
           std::ranges::find(groups, key) != groups.end();
}

PythonConfig parse_python_config(std::string_view text, const std::filesystem::path& file) {
    return Reader(file).read(text);
}

}  // namespace promptcl::config
