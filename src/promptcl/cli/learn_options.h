// What `promptcl learn` is asked for.
#pragma once

#include "promptcl/teach/request.h"

#include <filesystem>

namespace promptcl::cli {

struct LearnOptions {
    std::filesystem::path model, output;
    teach::Request request;
    bool json = false;
};

}  // namespace promptcl::cli
