#include "promptcl/io/temporary_folder.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace promptcl::io {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "promptcl-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw file_error("write", pattern, errno);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // what stays behind does no harm
    fs::remove_all(path_, ignored);
}

}  // namespace promptcl::io
