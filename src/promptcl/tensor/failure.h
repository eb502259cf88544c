// What LibTorch throws, as what promptcl throws.
#pragma once

#include "promptcl/core/error.h"

#include <c10/util/Exception.h>

#include <new>
#include <string>

namespace promptcl::tensor {

/// Throws bad_alloc when memory ran out, else Bug, without LibTorch's stack of C++ frames.
[[noreturn]] inline void rethrow(const c10::Error& error) {
    const std::string reason = error.what_without_backtrace();
    if (reason.find("allocate memory") != std::string::npos) throw std::bad_alloc();
    throw Bug(reason);
}

/// What `work` returns.
template <class Work>
auto without_torch_errors(const Work& work) {
    try {
        return work();
    } catch (const c10::Error& error) {
        rethrow(error);
    }
}

}  // namespace promptcl::tensor
