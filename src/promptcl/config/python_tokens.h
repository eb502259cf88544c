// The words of a Python file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::config {

struct PythonToken {
    enum class Kind { kName, kNumber, kString, kOperator };
    Kind kind;
    std::string text;  // of a string: what it holds
    std::int64_t line = 0;
};

/// One logical line: brackets and a backslash continue it. Blank lines and comments are none.
struct PythonLine {
    std::int64_t line = 0;    // where it begins
    std::int64_t indent = 0;  // columns before it
    std::string text;         // its first physical line, for messages
    std::vector<PythonToken> tokens;
};

/// Throws UsageError naming `file` and the line of what is no token.
std::vector<PythonLine> python_lines(std::string_view text, const std::filesystem::path& file);

/// Throws UsageError: "FILE holds what promptcl does not run: line 3: WHAT; HINT".
[[noreturn]] void refuse_python(const std::filesystem::path& file, std::int64_t line,
                                std::string_view what, std::string_view hint);

}  // namespace promptcl::config
