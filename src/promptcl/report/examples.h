// Test images to look at.
#pragma once

#include "promptcl/report/predictions.h"

#include <string>
#include <vector>

namespace promptcl::report {

/// An image as the page shows it.
struct Example {
    Prediction made;
    std::string png;     // a small picture; empty when it could not be read
    std::string origin;  // where it comes from, as the data set calls it
};

/// Predictions that are wrong, and that are right: in both task after task, as many of each task as
/// fit into `most` (at least one), first the surest of each class.
struct Examples {
    std::vector<Example> wrong, right;
};
Examples choose_examples(const std::vector<Prediction>& predictions, std::size_t most);

}  // namespace promptcl::report
