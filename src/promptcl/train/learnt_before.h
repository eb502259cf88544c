// What a learner knows before the first task of its stream.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/io/array.h"
#include "promptcl/method/method.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace promptcl::train {

/// What of it stays, bit for bit: everything but this.
struct Hold {
    std::int64_t prompts = 0;            // that many first ones of the pool stay, others may change
    std::vector<std::int64_t> extended;  // classes whose columns of the head may change
};

struct LearntBefore {
    std::int64_t tasks = 0;    // the stream's first task is the learner's task of this number
    io::ArrayMap arrays;       // leading corners of Method::state(); the rest begins as new
    std::optional<Hold> hold;  // nothing: all may change
};

/// A new method that goes on from there. Throws Bug when an array does not fit.
std::unique_ptr<method::Method> going_on(std::unique_ptr<method::Method> method,
                                         const LearntBefore& before, const config::Config& config);

}  // namespace promptcl::train
