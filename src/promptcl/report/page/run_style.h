// How each run is told from the others: colours that the colour-blind can tell apart, and shapes.
#pragma once

#include "promptcl/report/page/markup.h"
#include "promptcl/report/run_record.h"

#include <cstddef>
#include <set>
#include <span>
#include <string>

namespace promptcl::report {

/// CSS colour of run i; page.css says which it is by day, by night and in print.
std::string run_colour(std::size_t run);
/// Vega's name of its symbol.
std::string run_shape(std::size_t run);

enum class Ways { kOne, kBoth };  // kBoth: full lines are batch-wise, dashed ones instance-wise

/// A list of the runs of a chart, numbered as in `runs`, with their colours and shapes, where the
/// page has several, and of the ways.
Markup run_legend(std::span<const RunRecord> runs, const std::set<std::size_t>& shown, Ways ways);
/// The run's own name with its mark, where there are several.
Markup run_title(std::span<const RunRecord> runs, std::size_t run);

}  // namespace promptcl::report
