// What an expected failure says.
#pragma once

#include "promptcl/core/error.h"

#include <gtest/gtest.h>

#include <string>

namespace promptcl::io {

/// The message of the Error that `action` throws; fails the test when it throws none.
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    ADD_FAILURE() << "no Error was thrown";
    return {};
}

}  // namespace promptcl::io
