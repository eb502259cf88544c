#include "promptcl/config/python_value.h"

#include "promptcl/config/python_number.h"

#include <fmt/format.h>
#include <initializer_list>
#include <utility>

namespace promptcl::config {
namespace {

using Json = nlohmann::json;
using Kind = PythonToken::Kind;

constexpr int kDeepest = 64;  // brackets and signs within each other
constexpr std::string_view kHint =
    "keep to literals, keys set before and their arithmetic, or write the value itself";

class Expression {
  public:
    Expression(std::span<const PythonToken> tokens, const std::string& root, const FindKey& find,
               const std::filesystem::path& file, std::int64_t line)
        : tokens_(tokens), root_(root), find_(find), file_(file), line_(line) {}

    /// A bare `1, 2` is a tuple.
    Json whole() {
        Json value = sum();
        if (is(",")) value = rest_of_list(std::move(value), "");
        if (at_ < tokens_.size()) refuse(fmt::format("\"{}\" in a value", tokens_[at_].text));
        return value;
    }

  private:
    bool is(std::string_view text) const {
        return at_ < tokens_.size() && tokens_[at_].kind == Kind::kOperator &&
               tokens_[at_].text == text;
    }
    bool eat(std::string_view text) {
        if (!is(text)) return false;
        ++at_;
        return true;
    }
    void expect(std::string_view text) {
        if (!eat(text)) refuse(fmt::format("{} where \"{}\" should stand", here(), text));
    }
    std::string here() const {
        return at_ < tokens_.size() ? fmt::format("\"{}\"", tokens_[at_].text) : "the end";
    }
    [[noreturn]] void refuse(std::string_view what) const {
        const std::int64_t line = at_ < tokens_.size() ? tokens_[at_].line : line_;
        refuse_python(file_, line, what, kHint);
    }

    Json binary(Json left, const Json& right, const std::string& operation) const {
        if (auto value = python_arithmetic(left, operation, right)) return *std::move(value);
        refuse(
            fmt::format("{} {} {}, which has no value here", left.dump(), operation, right.dump()));
    }

    template <class Operand>
    Json chain(std::initializer_list<std::string_view> operations, Operand&& operand) {
        Json value = operand();
        for (bool found = true; found;) {
            found = false;
            for (const auto operation : operations) {
                if (!eat(operation)) continue;
                value = binary(std::move(value), operand(), std::string(operation));
                found = true;
            }
        }
        return value;
    }

    Json sum() {
        return chain({"+", "-"}, [&] { return product(); });
    }
    Json product() {
        return chain({"*", "/", "//", "%"}, [&] { return factor(); });
    }

    Json factor() {
        if (++depth_ > kDeepest) refuse(fmt::format("a value nested deeper than {}", kDeepest));
        Json value;
        if (eat("-")) {
            value = binary(0, factor(), "-");
        } else if (eat("+")) {
            value = binary(0, factor(), "+");
        } else {
            value = atom();
            if (eat("**")) value = binary(std::move(value), factor(), "**");
        }
        --depth_;
        return value;
    }

    /// The rest of a list or tuple after its first element.
    Json rest_of_list(Json first, std::string_view end) {
        Json values = Json::array({std::move(first)});
        while (eat(",")) {
            if (end.empty() ? at_ == tokens_.size() : is(end)) break;
            values.push_back(sum());
        }
        if (!end.empty()) expect(end);
        return values;
    }

    Json list() {
        if (eat("]")) return Json::array();
        return rest_of_list(sum(), "]");
    }

    Json parenthesised() {
        if (eat(")")) return Json::array();
        Json value = sum();
        if (is(",")) return rest_of_list(std::move(value), ")");
        expect(")");
        return value;
    }

    Json dict() {
        Json members = Json::object();
        while (!eat("}")) {
            const Json key = sum();
            if (!key.is_string()) refuse(fmt::format("the key {}, which is no text", key.dump()));
            expect(":");
            members[key.get<std::string>()] = sum();
            if (!is("}")) expect(",");
        }
        return members;
    }

    std::string dotted_name() {
        std::string name = tokens_[at_++].text;
        while (is(".") && at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Kind::kName) {
            name += "." + tokens_[at_ + 1].text;
            at_ += 2;
        }
        return name;
    }

    Json named() {
        const std::string name = dotted_name();
        if (name == "True") return true;
        if (name == "False") return false;
        if (name == "None") return nullptr;
        if (name.starts_with(root_ + ".")) return reference(name.substr(root_.size() + 1));
        const std::string last = name.substr(name.rfind('.') + 1);
        const bool of_collections =
            name == last || name.starts_with("ml_collections.") || name.starts_with("config_dict.");
        if (of_collections && last == "ConfigDict" && eat("(")) return config_dict();
        if (of_collections && last == "FieldReference" && eat("(")) return field_reference();
        if (of_collections && last == "placeholder" && eat("(")) {
            field_type();
            return nullptr;
        }
        refuse(fmt::format("the name \"{}\" in a value", name));
    }

    Json reference(const std::string& key) const {
        const Json* value = find_(key);
        if (value == nullptr) refuse(fmt::format("the key {}, which is not set before", key));
        return *value;
    }

    Json config_dict() {
        if (eat(")")) return Json::object();
        expect("{");
        Json members = dict();
        expect(")");
        return members;
    }

    Json field_reference() {
        Json value = sum();
        if (!eat(",")) {
            expect(")");
            return value;
        }
        if (at_ < tokens_.size() && tokens_[at_].text == "field_type") {
            ++at_;
            expect("=");
        }
        field_type();
        return value;
    }

    void field_type() {
        const bool known = at_ < tokens_.size() && tokens_[at_].kind == Kind::kName;
        if (!known) refuse(fmt::format("{} where a type should stand", here()));
        ++at_;
        expect(")");
    }

    Json atom() {
        if (at_ >= tokens_.size()) refuse("a value that is missing or not finished");
        if (eat("(")) return parenthesised();
        if (eat("[")) return list();
        if (eat("{")) return dict();
        const PythonToken& token = tokens_[at_];
        if (token.kind == Kind::kName) return named();
        if (token.kind == Kind::kOperator) refuse(fmt::format("\"{}\" in a value", token.text));
        if (token.kind == Kind::kNumber) {
            auto value = python_number(token.text);
            if (!value) refuse(fmt::format("\"{}\", which is no number here", token.text));
            ++at_;
            return *std::move(value);
        }
        std::string text;
        for (; at_ < tokens_.size() && tokens_[at_].kind == Kind::kString; ++at_)
            text += tokens_[at_].text;
        return text;
    }

    std::span<const PythonToken> tokens_;
    const std::string& root_;
    const FindKey& find_;
    const std::filesystem::path& file_;
    std::int64_t line_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

Json python_value(std::span<const PythonToken> tokens, const std::string& root, const FindKey& find,
                  const std::filesystem::path& file, std::int64_t line) {
    return Expression(tokens, root, find, file, line).whole();
}

}  // namespace promptcl::config
