// What the handles of the C header point to, and its lists of texts.
#pragma once

#include "promptcl/api/c_status.h"
#include "promptcl/classifier.h"

#include <string>
#include <vector>

struct promptcl_backbone {
    promptcl::Backbone vit;
};

struct promptcl_classifier {
    promptcl::Classifier classifier;
};

namespace promptcl::api {

/// UsageError naming the list and the place when one of `count` texts is null.
PROMPTCL_API std::vector<std::string> texts(const char* const* list, std::size_t count,
                                            const char* name);

}  // namespace promptcl::api
