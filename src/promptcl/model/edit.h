// Changes of a classifier that need neither images nor its ViT.
#pragma once

#include "promptcl/model/classifier.h"

#include <span>
#include <string>
#include <vector>

namespace promptcl::model {

// Each adds an event, dated `when`, that model/undo.h can take back, and throws UsageError when the
// classifier's classes do not allow it.

/// The class `from` is called `to`.
Classifier renamed(const Classifier& classifier, const std::string& from, const std::string& to,
                   const std::string& when);

/// Without these classes: their columns of the head and their means are gone. Prompts stay, as all
/// classes of a task share them. At least one class must remain.
Classifier removed(const Classifier& classifier, std::span<const std::string> classes,
                   const std::string& when);

/// A classifier and what it is called in errors.
struct Named {
    const Classifier& classifier;
    std::string name;
};

/// `first` with the classes and the pool of `second` behind its own; prompts that both have are
/// there once. Both must belong to one backbone, compute alike, have no class in common and the
/// same G-prompt. Of two temperatures the mean, weighted by the images they were fitted on; of two
/// thresholds the lower ones, which reject no more known images than either did.
Classifier merged(const Named& first, const Named& second, const std::string& when);

/// Where two classifiers differ.
struct Difference {
    std::string what;  // "class", "array head/kernel", "config temperature", ...
    std::string left, right;
};
std::vector<Difference> differences(const Classifier& left, const Classifier& right);

}  // namespace promptcl::model
