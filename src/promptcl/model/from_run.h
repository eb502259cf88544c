// From what a run learnt to a classifier that can be handed on.
#pragma once

#include "promptcl/model/classifier.h"
#include "promptcl/model/run_model.h"

#include <string>

namespace promptcl::model {

/// The classes that the run has learnt, in that order; its head's other columns are left out. Of
/// class means and calibration nothing is known yet. The history is empty. Throws Error naming
/// `place` when the run has learnt nothing, or parts of the ViT, of which a classifier holds none.
Classifier classifier_of_run(const RunModel& run, const backbone::Geometry& geometry,
                             const std::string& place);

}  // namespace promptcl::model
