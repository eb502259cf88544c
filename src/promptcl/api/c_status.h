// What went wrong, as C is told of it.
#pragma once

#include "promptcl/promptcl.h"

#include <exception>
#include <functional>
#include <string>

namespace promptcl::api {

/// The status that a caught exception becomes; its sentence is what promptcl_last_error() says on
/// this thread from now on. Both libraries share one.
PROMPTCL_API promptcl_status failed(const std::exception& failure) noexcept;

/// Calls `work`, which returns a status. No exception leaves it.
template <class Work>
promptcl_status guarded(const Work& work) noexcept {
    try {
        return work();
    } catch (const std::exception& failure) {
        return failed(failure);
    }
}

/// UsageError naming the argument when it is null.
PROMPTCL_API void require_given(const void* argument, const char* name);

}  // namespace promptcl::api
