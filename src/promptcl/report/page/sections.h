// The parts of the page, in the order in which they stand. Each is a file section_NAME.cpp.
#pragma once

#include "promptcl/report/page/markup.h"
#include "promptcl/report/page/run_style.h"
#include "promptcl/report/run_record.h"

#include <span>
#include <string>
#include <string_view>

namespace promptcl::report {

struct Section {
    std::string id, title;
    Markup content;
};
using Runs = std::span<const RunRecord>;

Section overview_section(Runs runs);   // what came out, beside published figures
Section accuracy_section(Runs runs);   // average accuracy and forgetting after every task
Section matrix_section(Runs runs);     // accuracy on each task after each task
Section choice_section(Runs runs);     // batch-wise against instance-wise
Section training_section(Runs runs);   // curves of loss and accuracy
Section prompts_section(Runs runs);    // which prompts each task chose, entropy, dead ones, keys
Section confusion_section(Runs runs);  // tasks and classes taken for each other
Section examples_section(Runs runs);   // right and wrong images
Section cost_section(Runs runs);       // time and memory
Section config_section(Runs runs);     // configurations and where they differ
Section files_section(Runs runs);      // what the runs were made with, what is wrong with files

/// A sentence in place of what cannot be shown.
Markup missing(std::string_view sentence);
/// The same with the command that changes it.
Markup missing(std::string_view sentence, std::string_view command);
/// Figures side by side, where there is room.
Markup side_by_side(const Markup& figures);
/// One part for each run, under its name where there are several.
template <class Part>
Markup for_each_run(Runs runs, const Part& part) {
    Markup all;
    for (std::size_t i = 0; i < runs.size(); ++i)
        all += element("div", {{"class", "of-run"}}, run_title(runs, i) + part(runs[i], i));
    return all;
}

}  // namespace promptcl::report
