// Tiny ImageNet: 200 classes of ImageNet at 64 x 64.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads tiny-imagenet-200.zip or the folder tiny-imagenet-200: wnids.txt (the classes, in their
/// order), words.txt (their names), train/nXXXXXXXX/images/*.JPEG, and as test split val/images
/// with val/val_annotations.txt (file, synset and a box, between tabs). The test images without
/// labels are not looked at. Source: http://cs231n.stanford.edu/tiny-imagenet-200.zip. UsageError
/// without data_dir; Error naming the file that is missing, the picture without a line or the line
/// that names another class.
DataSource open_tiny_imagenet(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
