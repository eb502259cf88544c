// CIFAR-10 and CIFAR-100, in every form in which their authors distribute them.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

namespace promptcl::data {

/// Reads the binary or the Python version from config.data_dir: its files, the folder that its
/// archive unpacks to, or the archive itself, in this order. All give the same images and the same
/// SHA-256. Class names come from the version's own list; without one, in a folder, they are
/// "class_3". Source: https://www.cs.toronto.edu/~kriz/cifar.html.
/// UsageError without data_dir; Error naming the file, and the record where there is one, on
/// damaged data.
DataSource open_cifar10(const config::Config& config);
/// The same with the fine labels as classes.
DataSource open_cifar100(const config::Config& config);

}  // namespace promptcl::data
