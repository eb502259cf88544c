// The report: one HTML file that asks for nothing else.
#pragma once

#include "promptcl/report/run_record.h"

#include <span>
#include <string>

namespace promptcl::report {

/// The whole page. Its own content security policy forbids every request and every script but the
/// two in it, whatever the names of classes and files hold.
std::string html_page(std::span<const RunRecord> runs);

}  // namespace promptcl::report
