#include "promptcl/data/data_split.h"

#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/file.h"
#include "promptcl/io/lines.h"

#include <fmt/format.h>

namespace promptcl::data {

std::map<std::string, std::int64_t> read_data_split(const std::filesystem::path& path) {
    std::map<std::string, std::int64_t> found;
    std::int64_t number = 0;
    for (const auto& line : io::lines_of(io::read_file(path))) {
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        const auto [entry, is_new] = found.emplace(line, number);
        if (is_new) continue;
        throw Error(fmt::format("line {} of {} repeats {} of line {}", number, path.string(), line,
                                entry->second),
                    "name every test image once");
    }
    if (found.empty()) {
        throw Error(fmt::format("{} names no test image", path.string()),
                    "give one path a line, or leave data_split empty");
    }
    return found;
}

void write_data_split(const std::filesystem::path& path, const Dataset& test) {
    std::string text = "# The test images, one path a line.\n";
    for (std::int64_t i = 0; i < test.size(); ++i)
        text += test.origin(i) + "\n";
    io::write_file_atomically(path, text);
}

}  // namespace promptcl::data
