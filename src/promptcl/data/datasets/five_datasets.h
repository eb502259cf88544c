// The 5-datasets benchmark of the L2P paper.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// CIFAR-10, MNIST, SVHN, notMNIST and Fashion-MNIST as five tasks, in the order of the official
/// code, with labels 0..9, 10..19 and so on. Each lies in a folder of its own in config.data_dir:
/// cifar10, mnist, svhn_cropped, not_mnist and fashion_mnist, or another usual spelling of these.
/// notMNIST is its letter folders where they are there, and IDX files otherwise.
/// UsageError without data_dir; Error naming the folder that is missing; errors of each data set.
DataSource open_five_datasets(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
