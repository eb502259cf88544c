// What an expected failure says.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace promptcl {

/// The message of the Failure that `action` throws; a test failure when it throws none.
template <class Failure, class Action>
std::string message_of(Action&& action) {
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

}  // namespace promptcl
