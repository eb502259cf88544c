// Any bytes are rows with at least one cell each, on rising lines, or an Error.
#include "promptcl/core/error.h"
#include "promptcl/io/csv.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        std::int64_t line = 0;
        for (const auto& row :
             promptcl::io::parse_csv({reinterpret_cast<const char*>(data), size}, "fuzz.csv")) {
            promptcl::require(!row.cells.empty() && row.line > line, "rows follow each other");
            line = row.line;
        }
    } catch (const promptcl::Error&) {
    }
    return 0;
}
