// Street View House Numbers, cropped to their digits.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

namespace promptcl::data {

/// Reads train_32x32.mat and test_32x32.mat of config.data_dir: X, bytes of shape [32, 32, 3, N] in
/// MATLAB's order (row, column, colour, image), and y, N labels from 1 to 10, where 10 is the digit
/// 0. Source: http://ufldl.stanford.edu/housenumbers/, format 2.
/// UsageError without data_dir; Error naming the file that is missing, damaged or of another shape,
/// and the record whose label is out of range.
DataSource open_svhn_cropped(const config::Config& config);

}  // namespace promptcl::data
