// What `promptcl data` is asked for.
#pragma once

#include "promptcl/cli/form.h"
#include "promptcl/fetch/sources.h"

#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::cli {

struct DataListOptions {
    Form form = Form::kTable;
};

struct DataFetchOptions {
    std::vector<fetch::Source> sources;
    std::filesystem::path to = "data";  // each in the sub-folder of its name
    std::string mirror;                 // address in place of the sources'; empty: none
};

struct DataCheckOptions {
    std::filesystem::path path;   // folder, archive or backbone
    std::string dataset;          // of data/registry.h; empty: told by the names in it
    std::filesystem::path split;  // file for the paths of the test images; empty: none
    bool json = false;
};

}  // namespace promptcl::cli
