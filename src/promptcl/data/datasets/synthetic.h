// Pictures that the program draws itself, for demonstrations and tests without any file.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

#include <string>
#include <vector>

namespace promptcl::data {

/// The 20 class names ("red striped star") of a part. A class is a shape, a fill and a hue; of the
/// 8 x 5 pairs of shape and fill every other one is in "stream", the rest in "pretrain": disjoint
/// classes made of the same shapes, fills and 8 hues. Within a task of four neighbouring classes
/// the hues differ; over all tasks each hue comes back, so that hue alone does not tell a class.
/// UsageError naming synthetic.part for any other part.
std::vector<std::string> synthetic_classes(const std::string& part);

/// config.synthetic.train_per_class and .test_per_class pictures of 32 x 32 of every class of
/// config.synthetic.part. Picture i of a class is a function of (synthetic.seed, split, class, i)
/// alone. UsageError naming the key when a number is below 1.
DataSource open_synthetic(const config::Config& config);

}  // namespace promptcl::data
