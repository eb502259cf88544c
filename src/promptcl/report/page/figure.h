// A chart with its title and, for who cannot see it, its numbers.
#pragma once

#include "promptcl/report/page/markup.h"
#include "promptcl/report/results_table.h"

#include <nlohmann/json.hpp>
#include <string>

namespace promptcl::report {

struct Figure {
    std::string title;            // what is shown, with its unit
    std::string note;             // what must be known to read it; may be empty
    Markup legend;                // what colours and lines mean; may be empty
    nlohmann::ordered_json spec;  // a Vega specification; page.js draws it as wide as there is room
    Cells numbers;                // the same as a table
};
Markup figure(const Figure& figure);

/// <table>; the cells of a row after the first are set as numbers where they are some.
Markup table(const Cells& cells);

}  // namespace promptcl::report
