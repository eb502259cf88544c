// Which classes and images come when, and what they are tested on.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

#include <cstdint>
#include <vector>

namespace promptcl::stream {

/// One step of the stream: some classes and training images of theirs.
struct Task {
    std::vector<std::int64_t> classes;  // global classes, in the order of the stream
    std::vector<std::int64_t> train;    // positions in DataSource::train, rising
    std::int64_t images_per_epoch = 0;  // over which an epoch's steps are counted
    std::int64_t tests = 0;             // afterwards TaskStream::tests[0..tests) are evaluated
};

/// Images that are evaluated together.
struct TestSet {
    std::vector<std::int64_t> classes;  // what eval_task_inc chooses among
    std::vector<std::int64_t> images;   // positions in DataSource::test, rising
};

struct TaskStream {
    std::vector<Task> tasks;
    std::vector<TestSet> tests;    // one of each task, or a single common one
    bool boundaries = true;        // false: the learner is not told where a task ends
    std::int64_t num_classes = 0;  // of the data set, learnt or not: the outputs of the head
};

/// The stream that the configuration makes of a data set:
///
/// - continual.manifest: the tasks and images that it names, whatever the keys below say;
/// - gaussian_schedule: stream/gaussian_schedule.h;
/// - a data set that is divided into tasks: its first continual.num_tasks tasks, in their order, or
///   with continual.rand_seed >= 0 in an order drawn from it, each with its own test images or all
///   with the common ones;
/// - otherwise continual.num_tasks tasks of continual.num_classes_per_task classes each, in the
///   order of their labels, or with continual.rand_seed >= 0 in an order drawn from it.
///
/// reverse_task turns the order of the tasks round. subsample_rate r keeps r % of the images of
/// every class of every task in each split, at least one, drawn from config.seed; or with
/// subsample_order "first" the first r % of each task's images in each split. merge_tasks makes
/// one training task of all, of a manifest's too. Labels stay global. UsageError naming the keys
/// when the data has too few classes or tasks; Error naming the class without training images or
/// the task without test images, or the image whose label has no class, and what read_manifest()
/// throws.
TaskStream make_task_stream(const data::DataSource& source, const config::Config& config);

}  // namespace promptcl::stream
