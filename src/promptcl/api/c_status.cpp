#include "promptcl/api/c_status.h"

#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <new>
#include <system_error>

namespace promptcl::api {
namespace {

thread_local std::string last_error;

promptcl_status status_of(const std::exception& failure) {
    if (const auto* error = dynamic_cast<const Error*>(&failure)) {
        return error->exit_code() == ExitCode::kUsage ? PROMPTCL_USAGE : PROMPTCL_WORLD;
    }
    const bool world = dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
                       dynamic_cast<const std::system_error*>(&failure) != nullptr;
    return world ? PROMPTCL_WORLD : PROMPTCL_BUG;
}

}  // namespace

promptcl_status failed(const std::exception& failure) noexcept {
    try {
        last_error = failure.what();
    } catch (...) {
        last_error.clear();  // no memory for the sentence
    }
    return status_of(failure);
}

void require_given(const void* argument, const char* name) {
    if (argument == nullptr) throw UsageError(fmt::format("{} is NULL", name), "give one");
}

}  // namespace promptcl::api

extern "C" const char* promptcl_last_error(void) {
    return promptcl::api::last_error.c_str();
}
