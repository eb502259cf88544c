// A file in a form that a browser or curl sends.
#pragma once

#include <string>
#include <string_view>

namespace promptcl::serve {

struct FormFile {
    std::string name;  // of the file, as the client calls it; may be empty
    std::string_view contents;
};

/// Whether a Content-Type says that the body is such a form.
bool is_form(std::string_view content_type);

/// The first file of a multipart/form-data body, or its first field where there is no file. The
/// first line of the body is the delimiter. Throws Refusal 400 when there is none. Source: RFC
/// 7578.
FormFile file_of_form(std::string_view body);

}  // namespace promptcl::serve
