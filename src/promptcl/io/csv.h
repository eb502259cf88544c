// Tables in comma-separated values (RFC 4180).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::io {

struct CsvRow {
    std::int64_t line = 0;  // on which it begins, from 1
    std::vector<std::string> cells;
};

/// The rows of a table, its header among them. A cell in quotes may hold commas, line ends and,
/// each written twice, quotes. Lines end in LF or CRLF; a byte order mark and empty lines are
/// passed over. Error naming `name` and the line where a quote is not closed or text stands beside
/// a quoted cell.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name);

/// The text as a cell, in quotes where it needs them.
std::string csv_cell(std::string_view text);

}  // namespace promptcl::io
