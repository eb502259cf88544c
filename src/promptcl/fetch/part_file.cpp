#include "promptcl/fetch/part_file.h"

#include "promptcl/core/error.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <system_error>
#include <utility>

namespace promptcl::fetch {
namespace {

namespace fs = std::filesystem;

/// Positioned behind what is there.
io::File open_locked(const fs::path& path) {
    auto file = io::File::open_to_write(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW);
    // Other errors mean a file system without locks.
    if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        throw Error(fmt::format("another promptcl is fetching into {}", path.string()),
                    "let it finish");
    }
    return file;
}

}  // namespace

PartFile::PartFile(fs::path target)
    : target_(std::move(target)), path_(target_.string() + ".part"), file_(open_locked(path_)) {}

PartFile::~PartFile() {
    std::error_code ignored;
    if (fs::file_size(path_, ignored) == 0) fs::remove(path_, ignored);
}

void PartFile::require_space(std::int64_t bytes) const {
    require(bytes >= 0, "a file needs no negative space");
    std::error_code failure;
    const auto space = fs::space(fs::absolute(path_).parent_path(), failure);
    if (failure || static_cast<std::uintmax_t>(bytes) <= space.available) return;
    throw Error(fmt::format("{} needs {} more bytes and the disk has {} left", target_.string(),
                            bytes, space.available),
                "free space or choose another folder (--to)");
}

void PartFile::finish() {
    file_.sync();
    std::error_code failure;
    fs::rename(path_, target_, failure);
    if (failure) throw io::file_error("write", target_, failure.value());
}

void PartFile::remove() {
    std::error_code ignored;  // it is wrong or empty: the next transfer begins it anew
    fs::remove(path_, ignored);
}

}  // namespace promptcl::fetch
