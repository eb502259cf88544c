#include "promptcl/cli/commands.h"
#include "promptcl/cli/example_images.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opening.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/report/page/page.h"

#include <fmt/format.h>

namespace promptcl::cli {

int run_report(const ReportOptions& options) {
    auto records = report::read_runs(options.runs);
    watch_for_interrupts();
    Opening opening;
    for (report::RunRecord& record : records) {
        if (options.images)
            add_images(record, opening);
        else
            record.without_images = "--without-images left them out";
    }
    for (const report::RunRecord& record : records) {
        for (const auto& note : record.notes)
            fmt::print(stderr, "promptcl: note: {}\n", note);
    }
    const std::string page = report::html_page(records);
    io::write_file_atomically(options.output, page);
    fmt::print("{} ({})\n", options.output.string(), human_bytes(static_cast<double>(page.size())));
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli
