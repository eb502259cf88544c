#include "promptcl/cli/table.h"

#include "promptcl/core/error.h"
#include "promptcl/io/csv.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>

namespace promptcl::cli {
namespace {

std::size_t width_of(const std::string& text) {
    const auto continues = [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
    };
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues));
}

std::string line_of(const Row& row, const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
        line += row[column];
        if (column + 1 == row.size()) break;
        line += std::string(widths[column] - width_of(row[column]) + 2, ' ');
    }
    return line + "\n";
}

std::string markdown_line(const Row& row) {
    std::string line = "|";
    for (std::string cell : row) {
        for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2)
            cell.insert(at, "\\");
        line += fmt::format(" {} |", cell);
    }
    return line + "\n";
}

std::string csv_line(const Row& row) {
    std::vector<std::string> fields;
    std::ranges::transform(row, std::back_inserter(fields), io::csv_cell);
    return fmt::format("{}\n", fmt::join(fields, ","));
}

}  // namespace

std::string format_table(const Row& header, const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& title : header)
        widths.push_back(width_of(title));
    for (const auto& row : rows) {
        require(row.size() <= header.size(), "a row is not longer than the header");
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], width_of(row[column]));
        }
    }
    std::string text = line_of(header, widths);
    for (const auto& row : rows)
        text += line_of(row, widths);
    return text;
}

std::string markdown_table(const Row& header, const std::vector<Row>& rows) {
    std::string text = markdown_line(header) + markdown_line(Row(header.size(), "---"));
    for (const auto& row : rows)
        text += markdown_line(row);
    return text;
}

std::string csv_table(const Row& header, const std::vector<Row>& rows) {
    std::string text = csv_line(header);
    for (const auto& row : rows)
        text += csv_line(row);
    return text;
}

}  // namespace promptcl::cli
