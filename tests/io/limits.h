// Worlds in which writing fails: a limit on the size of files, and another user.
#pragma once

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

namespace promptcl::io {

/// While it lives, no file of this process grows beyond `bytes`: writing fails as on a full disk.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

/// While it lives, the superuser, whom permissions do not bind, is another user.
class WithoutPrivileges {
  public:
    WithoutPrivileges() : changed_(::geteuid() == 0 && ::seteuid(kNobody) == 0) {}
    ~WithoutPrivileges() {
        if (changed_ && ::seteuid(0) != 0) std::terminate();
    }
    WithoutPrivileges(const WithoutPrivileges&) = delete;
    WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

  private:
    static constexpr uid_t kNobody = 65534;
    bool changed_;
};

}  // namespace promptcl::io
