// The files of this folder that every report holds, and Vega; put into the program when it is built
// (cmake/embed_page.cmake).
#pragma once

#include <string_view>

namespace promptcl::report {

extern const std::string_view kPageTemplate;  // page.html
extern const std::string_view kPageStyle;     // page.css
extern const std::string_view kPageScript;    // page.js
extern const std::string_view kVega;          // its parts as one script
extern const std::string_view kVegaLicence;

}  // namespace promptcl::report
