#include "promptcl/io/atomic_file.h"

#include "promptcl/core/error.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace promptcl::io {
namespace {

namespace fs = std::filesystem;

/// Follows a symbolic link, so that the file behind it is replaced and not the link.
fs::path resolve(fs::path target) {
    std::error_code error;
    if (fs::is_symlink(target, error)) {
        auto real = fs::weakly_canonical(target, error);
        if (!error) target = std::move(real);
    }
    if (fs::exists(target, error) && !fs::is_regular_file(target, error)) {
        throw Error(fmt::format("cannot write {}: it is not a regular file", target.string()),
                    "give the path of a file");
    }
    return target;
}

fs::path folder_of(const fs::path& target) {
    return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

/// False when a writer that has just finished renamed the file away between open and lock.
bool is_still_at(const fs::path& path, const File& file) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(file.descriptor(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

fs::path temporary_of(const fs::path& target) {
    return folder_of(target) / fmt::format(".{}.tmp", target.filename().string());
}

File open_locked(const fs::path& temporary, const fs::path& target,
                 const std::function<void()>& busy) {
    for (;;) {
        auto file = File::open_to_write(temporary, O_WRONLY | O_CREAT | O_NOFOLLOW, target);
        // Other errors mean a file system without locks, where two writers are not noticed.
        if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            if (!busy) {
                throw Error(
                    fmt::format("cannot write {}: another process is writing it", target.string()),
                    "let it finish or choose another --workdir");
            }
            busy();
            continue;
        }
        if (is_still_at(temporary, file)) {
            file.truncate(0);
            return file;
        }
    }
}

void sync_folder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) throw file_error("write", folder, errno);
    const int failure = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // EINVAL: a file system that cannot sync folders.
    if (failure != 0 && failure != EINVAL) throw file_error("write", folder, failure);
}

}  // namespace

AtomicFile::AtomicFile(fs::path target, const std::function<void()>& busy)
    : target_(resolve(std::move(target))),
      temporary_(temporary_of(target_)),
      file_(open_locked(temporary_, target_, busy)) {}

AtomicFile::~AtomicFile() {
    if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    file_.write(bytes);
}

void AtomicFile::commit() {
    require(!committed_, "an AtomicFile is committed once");
    file_.sync();
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        throw file_error("write", target_, errno);
    }
    committed_ = true;
    sync_folder(folder_of(target_));
}

void write_file_atomically(const fs::path& path, std::string_view contents) {
    AtomicFile file(path);
    file.write(contents);
    file.commit();
}

}  // namespace promptcl::io
