// The date, for what people read.
#pragma once

#include <string>

namespace promptcl {

/// Now, in UTC: "2026-11-26T01:30:00Z".
std::string utc_now();

}  // namespace promptcl
