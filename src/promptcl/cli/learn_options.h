// What `promptcl learn` is asked for.
#pragma once

#include "promptcl/config/config.h"

#include <filesystem>

namespace promptcl::cli {

struct LearnOptions {
    std::filesystem::path model, output;
    config::Config config;       // of the training; init_checkpoint and data_dir are there
    std::filesystem::path test;  // a folder of test images; empty: none
    bool extend = false;         // known classes may be taught more
    bool freeze_old = true;      // what was learnt before keeps its bits
    bool json = false;

    /// The run folder, there until the output is written.
    std::filesystem::path workdir() const { return output.string() + ".learning"; }
};

}  // namespace promptcl::cli
