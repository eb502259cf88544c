// A folder of pictures, one sub-folder a class.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

namespace promptcl::data {

/// Reads config.data_dir: CLASS/*.jpg, *.jpeg and *.png (any case), classes and files in the order
/// of their names. Where the folder holds train/ and test/ (or val/), those are the splits;
/// otherwise every fifth picture of a class (at least one) is a test picture, drawn in a way that
/// depends on nothing but the names and number of its files.
///
/// A file that cannot be read is left out and named in DataSource::skipped. Pictures are decoded
/// once, by config.num_workers threads, and kept squashed to the size that Transform begins with.
/// The SHA-256 is that of split, class, name and contents of the files. UsageError without
/// data_dir; Error naming the folder when it is missing, holds fewer than two classes, a split
/// lacks a class, or a class has too few readable pictures.
DataSource open_image_folder(const config::Config& config);

}  // namespace promptcl::data
