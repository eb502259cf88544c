// notMNIST: the letters A to J in many fonts.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads notMNIST_small.tar.gz or the folder notMNIST_small: A/*.png to J/*.png. Its broken files
/// are skipped. The data set has no split of its own: data/picture_set.h draws one.
/// Source: https://yaroslavvb.blogspot.com/2011/09/notmnist-dataset.html.
/// UsageError without data_dir; Error naming the letter that is missing.
DataSource open_not_mnist(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
