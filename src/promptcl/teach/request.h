// What a classifier is to be taught, and how.
#pragma once

#include "promptcl/config/config.h"

#include <filesystem>
#include <string>

namespace promptcl::teach {

struct Request {
    std::string name;               // what errors call the classifier: its file
    config::Config config;          // of the training; init_checkpoint and data_dir are there
    std::filesystem::path test;     // a folder of test images; empty: none
    bool extend = false;            // known classes may be taught more
    bool freeze_old = true;         // what was learnt before keeps its bits
    std::filesystem::path workdir;  // the run folder, from which an interrupted lesson goes on
};

}  // namespace promptcl::teach
