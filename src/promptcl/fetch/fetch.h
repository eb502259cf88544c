// Every file of a source into its folder.
#pragma once

#include "promptcl/fetch/download.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace promptcl::fetch {

struct Plan {
    std::filesystem::path folder;  // made if needed; the files land in it
    std::string mirror;            // address before the names in place of the source's; empty: none
    Patience patience;
};

/// Called after each file.
using FileDone =
    std::function<void(const RemoteFile&, const std::filesystem::path&, const Fetched&)>;

/// Fetches the files of `source` one by one. An address that does not have a file is noted and the
/// source's next one tried; the Error of the last one is thrown. False when it was stopped.
bool fetch(const Source& source, const Plan& plan, const Hooks& hooks, const FileDone& done);

}  // namespace promptcl::fetch
