// Training, evaluating and teaching, as the program does them. Links promptcl::training, which
// loads LibTorch; this header names nothing of it.
//
//   promptcl::train_run({.workdir = "l2p", .config = "cifar100_l2p",
//                        .changes = {"init_checkpoint=ViT-B_16.npz", "data_dir=cifar100"}});
//   const auto pets = promptcl::Classifier::of_run("l2p");
//   const auto lesson = promptcl::learn_classes(pets, {.folder = "birds"});
//   lesson.classifier.save("more.pcl");
//
// Keys and values are those of docs/configuration.md. One thread at a time trains.
#pragma once

#include "promptcl/classifier.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl {

/// A step of training.
struct Step {
    std::int64_t task = 0, tasks = 0;  // from 0
    std::int64_t step = 0, steps = 0;  // of the task, from 1
    double loss = 0;
    double images_per_second = 0;
};

/// Who waits, and may stop the work. All calls come from the thread that called.
class Watcher {
  public:
    virtual ~Watcher() = default;
    /// Asked between steps; when it says no, all is saved and the work ends.
    virtual bool go_on() { return true; }
    virtual void step(const Step&) {}
    /// `done` of `total` steps of other work that takes long: reading, evaluating.
    virtual void progress(std::string_view /*what*/, std::int64_t /*done*/,
                          std::int64_t /*total*/) {}
    /// A sentence that a person should read.
    virtual void note(std::string_view) {}
};

struct Run {
    std::filesystem::path workdir;     // the run folder
    std::string config;                // a file, or the name of a shipped configuration; to go on
                                       // with a run or to evaluate it: empty
    std::vector<std::string> changes;  // KEY=VALUE over it
};

/// Accuracies are fractions; what was not evaluated is NaN or has an empty row. "Instance": every
/// image chooses its prompts alone.
struct Results {
    std::vector<std::vector<double>> accuracy;           // [task][test set], after each task
    std::vector<std::vector<double>> instance_accuracy;  // the same
    double average_accuracy = 0, average_instance_accuracy = 0;  // after the last task
    std::optional<double> forgetting, instance_forgetting;       // from the second task on
};

/// Trains a run, or goes on with one: interrupted at any moment and called again it ends with the
/// same bits. Nothing when `watcher` stopped it.
PROMPTCL_API std::optional<Results> train_run(const Run& run, Watcher& watcher);
PROMPTCL_API Results train_run(const Run& run);

struct TestScore {
    std::int64_t images = 0;
    double accuracy = 0, loss = 0;  // prompts chosen as configured
    double instance_accuracy = 0, instance_loss = 0;
};

/// The test sets of the tasks a run has learnt, by its newest checkpoint. Nothing when stopped.
PROMPTCL_API std::optional<std::vector<TestScore>> evaluate_run(const Run& run, Watcher& watcher);
PROMPTCL_API std::vector<TestScore> evaluate_run(const Run& run);

struct LearnOptions {
    std::filesystem::path folder;      // of images, a sub-folder a new class
    std::filesystem::path test;        // test images in the same form; empty: none
    bool extend = false;               // sub-folders may bear names of known classes
    std::optional<bool> freeze_old;    // what was learnt keeps every bit; default: but for L2P
    std::vector<std::string> changes;  // KEY=VALUE over the training's configuration
    std::filesystem::path workdir;     // a stopped lesson goes on from there; removed at the end.
                                       // Empty: a temporary one, and a stopped lesson is lost
};

struct Lesson {
    Classifier classifier;
    std::int64_t images = 0;         // that it was learnt from
    double largest_logit_drift = 0;  // of the old classes' mean features
    // On the test images, where there are any of these classes, among all classes known.
    std::optional<double> old_before, old_after, new_after;
};

/// The classifier with the classes of a folder: no old image is needed. Nothing when stopped.
PROMPTCL_API std::optional<Lesson> learn_classes(const Classifier& classifier,
                                                 const LearnOptions& options, Watcher& watcher);
PROMPTCL_API Lesson learn_classes(const Classifier& classifier, const LearnOptions& options);

}  // namespace promptcl
