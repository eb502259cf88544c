// Pictures that a table lists.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads a table of comma-separated values (io/csv.h): config.data_dir itself, or data.csv in the
/// folder or archive it names. The first row names the columns, in any order; others than these are
/// not looked at:
///
/// - path: a JPEG or PNG file below the table's folder;
/// - label: the class, a name or a number;
/// - task, may be absent: the task it belongs to, a name or a number; each has its own test images;
/// - split, may be absent or empty: train or test; without it data/picture_set.h draws.
///
/// Classes and tasks stand in the order of their names (datasets/named_pictures.h).
/// UsageError without data_dir; Error naming the line that is wrong.
DataSource open_csv(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
