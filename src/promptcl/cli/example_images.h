// The pictures of a report, from the data set of its run.
#pragma once

#include "promptcl/data/open_observer.h"
#include "promptcl/report/run_record.h"

namespace promptcl::cli {

/// Fills in png and origin of the record's examples. Where the data cannot be opened, or is not
/// what the run was trained on, `without_images` says why.
void add_images(report::RunRecord& record, data::OpenObserver& observer);

}  // namespace promptcl::cli
