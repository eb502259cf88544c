#include "promptcl/cli/opening.h"

#include "promptcl/cli/interrupt.h"

#include <fmt/format.h>
#include <string>

namespace promptcl::cli {

void Opening::progress(std::string_view what, std::int64_t done, std::int64_t total) {
    if (interrupted()) throw Interrupted();
    if (amount_ == Amount::kEverything) line_.show(std::string(what), done, total, "");
}

void Opening::note(const std::string& sentence) {
    line_.clear();
    fmt::print(stderr, "promptcl: note: {}\n", sentence);
}

}  // namespace promptcl::cli
