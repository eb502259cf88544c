// The file that says which images of a data set are for testing.
#pragma once

#include "promptcl/data/dataset.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace promptcl::data {

/// The paths that a split file names, one a line, each with the number of its line from 1; empty
/// lines and those that begin with '#' say nothing. Error naming the file when it cannot be read or
/// names none, and the line that repeats a path.
std::map<std::string, std::int64_t> read_data_split(const std::filesystem::path& path);

/// Writes such a file: where each image of the test split comes from.
void write_data_split(const std::filesystem::path& path, const Dataset& test);

}  // namespace promptcl::data
