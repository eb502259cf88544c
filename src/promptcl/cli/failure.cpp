#include "promptcl/cli/failure.h"

#include "promptcl/cli/interrupt.h"
#include "promptcl/core/error.h"
#include "promptcl/core/version.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <system_error>

namespace promptcl::cli {

int report_failure(const std::exception& failure) {
    if (dynamic_cast<const Interrupted*>(&failure) != nullptr) {
        fmt::print(stderr, "promptcl: stopped\n");
        return interrupt_exit_code();
    }
    if (const auto* error = dynamic_cast<const Error*>(&failure)) {
        fmt::print(stderr, "promptcl: {}\n", error->what());
        return static_cast<int>(error->exit_code());
    }
    if (dynamic_cast<const std::system_error*>(&failure) != nullptr) {
        fmt::print(stderr, "promptcl: {}\n", failure.what());
        return static_cast<int>(ExitCode::kWorld);
    }
    if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr) {
        fmt::print(stderr, "promptcl: out of memory; use a smaller per_device_batch_size\n");
        return static_cast<int>(ExitCode::kWorld);
    }
    fmt::print(stderr, "promptcl: {}; this is a bug of promptcl {}, please report it\n",
               failure.what(), kVersion);
    return static_cast<int>(ExitCode::kBug);
}

void finish_output() {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
    throw Error(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

}  // namespace promptcl::cli
