#include "promptcl/io/csv.h"

#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <utility>

namespace promptcl::io {
namespace {

class Parser {
  public:
    Parser(std::string_view text, const std::string& name) : rest_(text), name_(name) {
        constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
        if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    }

    std::vector<CsvRow> rows() {
        std::vector<CsvRow> rows;
        while (!rest_.empty()) {
            auto row = next_row();
            if (row.cells.size() > 1 || !row.cells[0].empty()) rows.push_back(std::move(row));
        }
        return rows;
    }

  private:
    CsvRow next_row() {
        CsvRow row{.line = line_, .cells = {}};
        do {
            row.cells.push_back(rest_.starts_with('"') ? quoted_cell() : plain_cell());
        } while (take(","));
        const bool ends = take("\r\n") || take("\n") || rest_.empty();
        if (!ends) fail(line_, "text stands beside a quoted cell");
        ++line_;
        return row;
    }

    std::string plain_cell() {
        const auto cell = rest_.substr(0, rest_.find_first_of(",\n"));
        const bool ends_line = cell.size() < rest_.size() && rest_[cell.size()] == '\n';
        const bool has_return = ends_line && cell.ends_with('\r');
        rest_.remove_prefix(cell.size() - (has_return ? 1 : 0));
        return std::string(has_return ? cell.substr(0, cell.size() - 1) : cell);
    }

    std::string quoted_cell() {
        const std::int64_t first = line_;
        std::string cell;
        do {
            rest_.remove_prefix(1);  // the quote
            const auto end = rest_.find('"');
            if (end == std::string_view::npos) fail(first, "a quote is not closed");
            cell += rest_.substr(0, end);
            rest_.remove_prefix(end + 1);
            if (rest_.starts_with('"')) cell += '"';
        } while (rest_.starts_with('"'));
        for (const char c : cell)
            line_ += c == '\n' ? 1 : 0;
        return cell;
    }

    bool take(std::string_view token) {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    [[noreturn]] void fail(std::int64_t line, std::string_view what) const {
        throw Error(
            fmt::format("line {} of {} is no comma-separated values: {}", line, name_, what),
            "put a cell that holds commas or quotes into quotes, and write its quotes twice");
    }

    std::string_view rest_;
    const std::string& name_;
    std::int64_t line_ = 1;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name) {
    return Parser(text, name).rows();
}

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string cell = "\"";
    for (const char c : text) {
        if (c == '"') cell += '"';
        cell += c;
    }
    return cell + '"';
}

}  // namespace promptcl::io
