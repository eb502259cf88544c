// What `promptcl bench` is asked for.
#pragma once

#include "promptcl/config/config.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::cli {

/// The GPU among the engines; measured where the configuration says device = "cuda".
inline constexpr std::string_view kGpuEngine = "cuda";

struct BenchOptions {
    config::Config config;             // without problems; no init_checkpoint: random weights
    std::vector<std::string> engines;  // the others are compared with the first; none: all that can
    std::int64_t rounds = 5;
    double seconds = 1;   // that every measurement of a round takes at least
    bool growth = false;  // tasks, classes and pool in place of engines
    bool once = false;    // one engine's first step and memory
    bool json = false;
};

}  // namespace promptcl::cli
