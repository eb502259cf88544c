// How a list is printed.
#pragma once

namespace promptcl::cli {

enum class Form { kTable, kJson, kMarkdown };

}  // namespace promptcl::cli
