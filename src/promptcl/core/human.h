// Numbers as people read them.
#pragma once

#include <string>

namespace promptcl {

/// "12.34 %": a fraction in percent; "-" for one that is not a number.
std::string percent(double fraction, int decimals = 2);

/// "1.5 MB": a number of bytes, decimal units.
std::string human_bytes(double bytes);

/// "1:02:03" or "2:03".
std::string clock_text(double seconds);

}  // namespace promptcl
