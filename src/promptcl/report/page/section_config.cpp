#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/report/page/figure.h"
#include "promptcl/report/page/sections.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace promptcl::report {
namespace {

/// The values of the keys that are not the same in all runs.
Cells differing_keys(Runs runs) {
    Cells cells{.header = {"key"}, .rows = {}};
    std::vector<std::vector<config::KeyInfo>> infos;
    for (const RunRecord& run : runs) {
        cells.header.push_back(run.name);
        infos.push_back(config::key_infos(run.results.config));
    }
    for (std::size_t key = 0; key < infos.front().size(); ++key) {
        std::vector<std::string> line = {infos.front()[key].key};
        for (const auto& of_run : infos)
            line.push_back(of_run[key].value);
        if (std::adjacent_find(line.begin() + 1, line.end(), std::not_equal_to()) != line.end())
            cells.rows.push_back(std::move(line));
    }
    return cells;
}

Markup of_run(const RunRecord& run) {
    const config::Config& config = run.results.config;
    Cells cells{.header = {"key", "value", "default of the method"}, .rows = {}};
    for (const auto& difference :
         config::differences(config::method_defaults(config.method), config))
        cells.rows.push_back({difference.key, difference.right, difference.left});
    const auto whole = element("details", {},
                               element("summary", {}, "The whole configuration") +
                                   element("pre", {}, config::to_toml(config)));
    return table(cells) + whole;
}

}  // namespace

Section config_section(Runs runs) {
    Markup content;
    if (runs.size() > 1) {
        const Cells cells = differing_keys(runs);
        content += element("h3", {}, "Where the configurations differ");
        content += cells.rows.empty() ? element("p", {}, "All runs have the same configuration.")
                                      : table(cells);
    }
    content += for_each_run(runs, [](const RunRecord& run, std::size_t) { return of_run(run); });
    return {"configuration", "Configuration", content};
}

}  // namespace promptcl::report
