// What the command line of `promptcl table` asked for.
#pragma once

#include "promptcl/config/table_file.h"

#include <cstdint>
#include <filesystem>

namespace promptcl::cli {

/// What becomes of the runs that are not finished.
enum class Unfinished { kRun, kList, kLeave };
enum class TableForm { kText, kMarkdown, kCsv, kJson };

struct TableOptions {
    config::TableSpec table;
    std::filesystem::path workdir;  // of the run folders
    std::int64_t parallel = 1;      // runs at a time
    Unfinished unfinished = Unfinished::kRun;
    TableForm form = TableForm::kText;
};

}  // namespace promptcl::cli
