// Tables for a terminal, for Markdown pages and for programs.
#pragma once

#include <string>
#include <vector>

namespace promptcl::cli {

using Row = std::vector<std::string>;

/// The rows under the header, columns two spaces apart, each as wide as its widest cell and aligned
/// to the left; the last one is not padded. Widths count UTF-8 characters. Rows are not longer than
/// the header.
std::string format_table(const Row& header, const std::vector<Row>& rows);

/// The same as a table of Markdown.
std::string markdown_table(const Row& header, const std::vector<Row>& rows);

/// The same as CSV (RFC 4180, with "\n" for line ends).
std::string csv_table(const Row& header, const std::vector<Row>& rows);

}  // namespace promptcl::cli
