#include "promptcl/report/page/figure.h"

#include <cctype>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

bool is_number(const std::string& cell) {
    const bool signs_only = cell.find_first_of("0123456789") == std::string::npos;
    return !signs_only && cell.find_first_not_of("0123456789.,+-:% eMGikBs/±") == std::string::npos;
}

Markup row(const std::vector<std::string>& cells) {
    Markup html;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i == 0)
            html += element("th", {{"scope", "row"}}, cells[i]);
        else if (is_number(cells[i]) || cells[i] == "-")
            html += element("td", {{"class", "number"}}, cells[i]);
        else
            html += element("td", {}, cells[i]);
    }
    return element("tr", {}, html);
}

}  // namespace

Markup table(const Cells& cells) {
    Markup head, body;
    for (const auto& title : cells.header)
        head += element("th", {{"scope", "col"}}, title);
    for (const auto& line : cells.rows)
        body += row(line);
    const auto whole = element("thead", {}, element("tr", {}, head)) + element("tbody", {}, body);
    return element("div", {{"class", "scroll"}}, element("table", {}, whole));
}

Markup figure(const Figure& figure) {
    auto described = figure.spec;
    described["description"] = figure.title;
    Markup caption = element("h4", {}, figure.title);
    if (!figure.note.empty()) caption += element("p", {}, figure.note);
    const auto numbers =
        element("details", {}, element("summary", {}, "Numbers") + table(figure.numbers));
    return element("figure", {{"class", "chart"}},
                   element("figcaption", {}, caption) + figure.legend +
                       element("div", {{"class", "plot"}}, Markup()) + json_element(described) +
                       numbers);
}

}  // namespace promptcl::report
