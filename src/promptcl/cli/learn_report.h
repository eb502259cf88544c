// What a person is told of a lesson.
#pragma once

#include "promptcl/teach/report.h"

#include <filesystem>

namespace promptcl::cli {

/// On standard output; `output` is the file that the classifier was written to.
void print_report(const teach::Report& report, const std::filesystem::path& output);

}  // namespace promptcl::cli
