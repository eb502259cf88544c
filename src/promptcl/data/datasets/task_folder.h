// A folder of pictures that is divided into tasks: task/class/picture.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads config.data_dir, a folder or an archive: TASK/CLASS/*.jpg, *.jpeg and *.png (any case),
/// tasks, classes and files in the order of their names. Folders of the same class name in several
/// tasks are one class. Where it holds train/ and test/ (or val/) with the tasks in them, those are
/// the splits; otherwise every fifth picture of each class of each task is for testing
/// (data/picture_set.h). Each task has a test set of its own.
/// UsageError without data_dir; Error when there is no such folder or a class of a task has too few
/// pictures.
DataSource open_task_folder(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
