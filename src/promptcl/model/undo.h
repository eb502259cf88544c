// Going back one step: what a change of a classifier took away.
#pragma once

#include "promptcl/model/classifier.h"

namespace promptcl::model {

/// Sets `undo` and `undo_arrays` of the event that leads from `before` to `after`. Arrays that only
/// grew, so that the old numbers lie in the leading corner of the new ones, cost nothing; others
/// are kept whole.
void remember(Event& event, const State& before, const State& after);

/// The classifier before its last event, to the bit; that event is gone from its history. Throws
/// UsageError when there is nothing to go back to, Error naming `place` when what was remembered is
/// damaged.
Classifier rolled_back(const Classifier& classifier, const std::string& place);

/// The elements of `array` whose indices all lie below `shape`; nothing when the array is of
/// another rank or smaller.
std::optional<io::Array> leading_corner(const io::Array& array, const io::Shape& shape);

}  // namespace promptcl::model
