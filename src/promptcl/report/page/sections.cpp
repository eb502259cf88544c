#include "promptcl/report/page/sections.h"

namespace promptcl::report {

Markup missing(std::string_view sentence) {
    return element("p", {{"class", "missing"}}, sentence);
}

Markup missing(std::string_view sentence, std::string_view command) {
    return element("p", {{"class", "missing"}},
                   text(sentence) + raw(" ") + element("code", {}, command));
}

Markup side_by_side(const Markup& figures) {
    return element("div", {{"class", "figures"}}, figures);
}

}  // namespace promptcl::report
