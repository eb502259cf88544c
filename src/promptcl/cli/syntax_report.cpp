#include "promptcl/cli/syntax_report.h"

#include "promptcl/core/error.h"

#include <CLI/CLI.hpp>

namespace promptcl::cli {

void declare_report(CLI::App& app, Words& words) {
    app.add_option("runs", words.paths, "run folders of `promptcl train`")->type_name("RUN");
    app.add_option("--output", words.output,
                   "page to write; if not given RUN/report.html, or report.html of several runs")
        ->type_name("FILE");
    app.add_flag("--without_images,--without-images", words.without_images,
                 "leave the data set alone: no example images");
}

Command finish_report(const Words& words) {
    if (words.paths.empty())
        throw UsageError("promptcl report is not told which runs to show",
                         "for instance: promptcl report ./l2p ./dualprompt");
    ReportOptions options{.runs = {words.paths.begin(), words.paths.end()},
                          .images = !words.without_images};
    const auto usual = options.runs.size() == 1 ? options.runs.front() / "report.html"
                                                : std::filesystem::path("report.html");
    // That a lone RUN is a run folder is for run_report to say.
    options.output = words.output.empty() ? usual : writable(words.output, "--output");
    return options;
}

}  // namespace promptcl::cli
