// A whole lesson: planned, trained, examined.
#pragma once

#include "promptcl/data/open_observer.h"
#include "promptcl/model/classifier.h"
#include "promptcl/teach/report.h"
#include "promptcl/teach/request.h"
#include "promptcl/train/observer.h"

#include <functional>
#include <optional>

namespace promptcl::train {

/// Who waits while a classifier learns.
struct Watching {
    data::OpenObserver& reading;  // while images are read and looked at
    Observer& training;
    std::function<bool()> stop;  // asked between two steps of training
};

struct Taught {
    model::Classifier classifier;  // its history is one event longer
    teach::Report report;
};

/// Teaches `before` the classes of the folder request.config.data_dir. The run folder of the lesson
/// stays: stopped or killed and asked again with the same, it goes on from there to the same bits.
/// Nothing when it was stopped; then all is saved. Throws UsageError when the folder holds another
/// lesson, and what teach::plan_lesson() and open_lesson() throw.
std::optional<Taught> teach_lesson(const model::Classifier& before, const teach::Request& request,
                                   const Watching& watching);

}  // namespace promptcl::train
