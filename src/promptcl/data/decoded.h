// What the decoder of one picture format gives back.
#pragma once

#include "promptcl/data/image.h"

#include <string>
#include <variant>

namespace promptcl::data {

struct DecodeProblem {
    std::string reason;  // in the words of the library that decodes
};
using Decoded = std::variant<Image, DecodeProblem>;

}  // namespace promptcl::data
