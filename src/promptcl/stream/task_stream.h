// Which classes and images come when.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

#include <cstdint>
#include <vector>

namespace promptcl::stream {

/// One step of the stream: some classes, and the images of theirs in both splits.
struct Task {
    std::vector<std::int64_t> classes;      // global classes, in the order of the stream
    std::vector<std::int64_t> train, test;  // positions in DataSource::train and ::test, rising
};

struct TaskStream {
    std::vector<Task> tasks;
    std::int64_t num_classes = 0;  // of the data set, learnt or not: the outputs of the head
};

/// continual.num_tasks tasks of continual.num_classes_per_task classes each. Classes come in the
/// order of their labels, or with continual.rand_seed >= 0 in an order drawn from it; reverse_task
/// then turns the order of the tasks round. Labels stay global. subsample_rate r keeps r % of the
/// images of every class in each split, at least one, drawn from config.seed. UsageError naming the
/// keys when the data has too few classes; Error naming the class without training images or the
/// task without test images, or the image whose label has no class.
TaskStream make_task_stream(const data::DataSource& source, const config::Config& config);

}  // namespace promptcl::stream
