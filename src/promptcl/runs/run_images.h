// The images of the classes that a run has learnt.
#pragma once

#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/model/run_model.h"
#include "promptcl/predict/measure.h"
#include "promptcl/stream/task_stream.h"

#include <vector>

namespace promptcl::runs {

struct RunImages {
    data::DataSource data;
    predict::LabelledImages train;               // of all learnt tasks together
    std::vector<predict::LabelledImages> tests;  // the test sets that follow the last learnt task
};

/// Opens the data of a run; classes by their place among the learnt ones. Throws Error when they
/// are not those that it was trained on.
RunImages open_run_images(const config::Config& config, const model::RunModel& run,
                          data::OpenObserver& observer);

}  // namespace promptcl::runs
