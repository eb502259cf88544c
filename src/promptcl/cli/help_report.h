// What `promptcl report --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kReport =
    R"(Example:
  promptcl report ./l2p                                  writes ./l2p/report.html
  promptcl report runs/l2p runs/dualprompt --output both.html
  promptcl eval ./l2p --predictions ./l2p/predictions.npz    fills in confusion and examples

One page for the browser or the printer, with every chart, its numbers and its program in it; it loads
nothing. Accuracy matrices, average accuracy and forgetting after every task, batch-wise against
instance-wise, training curves, which prompts each task chose, similarity of keys, time and memory,
configurations and their differences; several runs share axes.

Reads results.json, the event files and the newest checkpoint of each RUN, and RUN/predictions.npz
where it is there: with it confusion between tasks and right and wrong images. Images come from the
data set of the run (data_dir); where that is gone, the page says so. LibTorch is not needed.

Writes FILE.)";

}  // namespace promptcl::cli::help
