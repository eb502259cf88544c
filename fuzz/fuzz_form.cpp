// Any bytes are a form with a file that lies within them, or are refused.
#include "promptcl/core/error.h"
#include "promptcl/serve/form.h"
#include "promptcl/serve/request.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    try {
        const auto file = promptcl::serve::file_of_form(body);
        const auto* begin = file.contents.data();
        promptcl::require(begin > body.data() && begin + file.contents.size() <= body.end(),
                          "a file lies between the delimiters of its form");
    } catch (const promptcl::serve::Refusal&) {
    }
    return 0;
}
