// What every data set is to the rest of the program.
#pragma once

#include "promptcl/data/image.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::data {

/// Labelled images in a fixed order. Any number of threads may read.
class Dataset {
  public:
    virtual ~Dataset() = default;
    virtual std::int64_t size() const = 0;
    /// Image i of 0..size()-1, valid as long as the data set.
    virtual ImageView image(std::int64_t i) const = 0;
    /// The global class of image i, 0..C-1.
    virtual std::int64_t label(std::int64_t i) const = 0;
    /// Where image i comes from, the same on every machine: a path inside the data set
    /// ("n01443537/art_1.jpg"), or a file and the number of a record in it ("train.bin:17").
    virtual std::string origin(std::int64_t i) const = 0;
    /// SHA-256 of image i, 64 digits: of its pixels, or of its file if it has one of its own.
    virtual std::string sha256(std::int64_t i) const;
};

/// Tasks that a data set itself is divided into.
struct TaskLabels {
    std::vector<std::string> names;   // in the order in which they are learnt
    std::vector<std::int64_t> train;  // the task of each training image
    std::vector<std::int64_t> test;   // of each test image; empty: one test set for all tasks
};

/// A data set as opened: both splits, and what a run folder records about them.
struct DataSource {
    std::unique_ptr<Dataset> train, test;
    std::vector<std::string> class_names;  // C of them, by label
    std::optional<TaskLabels> tasks;       // none: the stream divides the classes
    std::string sha256;                    // of the images and labels, the same in every run
    std::vector<std::string> skipped;      // why each unreadable file was left out
};

}  // namespace promptcl::data
