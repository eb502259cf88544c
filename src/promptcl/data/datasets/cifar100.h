// CIFAR-100 as its authors distribute it for C programs.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

namespace promptcl::data {

/// Reads train.bin and test.bin of config.data_dir, or of its sub-folder cifar-100-binary. A record
/// is one byte coarse label, one byte fine label (the class), then 32 x 32 bytes each of red, green
/// and blue. Class names come from fine_label_names.txt when it is there, otherwise "class_17".
/// Source: https://www.cs.toronto.edu/~kriz/cifar.html, binary version.
/// UsageError without data_dir; Error naming the file, and the record where there is one, on
/// damaged data.
DataSource open_cifar100(const config::Config& config);

}  // namespace promptcl::data
