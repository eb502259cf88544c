// ImageNet-R: renditions of 200 ImageNet classes.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads imagenet-r.tar or the folder imagenet-r: nXXXXXXXX/*.jpg, the classes in the order of
/// their synsets. README.txt gives their names where it is there ("n01443537 goldfish"). The data
/// set has no split of its own: data/picture_set.h draws one, or config.data_split names the test
/// pictures. Source: https://github.com/hendrycks/imagenet-r. UsageError without data_dir; Error
/// naming what is missing or a class with too few pictures.
DataSource open_imagenet_r(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
