#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/sections.h"

#include <fmt/format.h>

namespace promptcl::report {
namespace {

Markup of_run(const RunRecord& run) {
    const RunResults& results = run.results;
    const Cells cells{.header = {"what", "which"},
                      .rows = {{"run folder", run.path.string()},
                               {"backbone", results.backbone_path},
                               {"its geometry", results.backbone_geometry},
                               {"its SHA-256", results.backbone_sha256},
                               {"SHA-256 of the data", results.data_sha256},
                               {"promptcl", results.version},
                               {"LibTorch", results.tensor_library}}};
    Markup notes;
    for (const auto& note : run.notes)
        notes += element("li", {}, note);
    if (!notes.empty()) notes = element("ul", {{"class", "notes"}}, notes);
    return notes + table(cells);
}

}  // namespace

Section files_section(Runs runs) {
    return {"files", "What the runs were made with",
            for_each_run(runs, [](const RunRecord& run, std::size_t) { return of_run(run); })};
}

}  // namespace promptcl::report
