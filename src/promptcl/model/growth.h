// How a classifier grows by a task.
#pragma once

#include "promptcl/model/classifier.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace promptcl::model {

/// What a new task makes of a classifier's classes and pool.
struct Growth {
    std::int64_t task = 0;       // its number, from 0: with the prompt mask it learns the prompts
                                 // [task N, (task + 1) N)
    std::int64_t pool_size = 0;  // afterwards: larger only where these lie beyond the pool
    std::int64_t prompts = 0;    // of the pool that belong to what was learnt before
    std::vector<std::string> class_names;      // afterwards: the old ones, then the new ones
    std::vector<std::int64_t> taught;          // the classes of the task, rising
    std::vector<std::string> added, extended;  // their names: new ones, known ones
};

enum class Known { kRefused, kExtended };

/// The growth by a task of the classes `taught`. UsageError naming `place` and the first class that
/// the classifier knows, unless known classes are to be extended.
Growth growth_of(const Classifier& classifier, std::span<const std::string> taught, Known known,
                 const std::string& place);

/// The state after the task: `learnt` are a learner's arrays (docs/formats.md, model file) of that
/// growth's classes and pool. Nothing is known yet of what images of the new classes look like.
State grown(const State& before, const Growth& growth, const io::ArrayMap& learnt);

/// The means of the extended classes in `after`, which are those of the task's images, become those
/// of all images that the class was ever learnt from.
void count_in_earlier_images(State& after, const State& before, const Growth& growth);

}  // namespace promptcl::model
