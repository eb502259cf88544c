// A folder of pictures, one sub-folder a class.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads config.data_dir, a folder or an archive: CLASS/*.jpg, *.jpeg and *.png (any case), classes
/// and files in the order of their names. Where it holds train/ and test/ (or val/), those are the
/// splits; otherwise every fifth picture of a class is for testing (data/picture_set.h).
/// UsageError without data_dir; Error naming the folder when it is missing, holds fewer than two
/// classes, a split lacks a class, or a class has too few readable pictures.
DataSource open_image_folder(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
