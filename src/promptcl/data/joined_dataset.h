// Several data sets as one, each of them a task.
#pragma once

#include "promptcl/data/dataset.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace promptcl::data {

/// The images of several data sets, one data set after the other.
class JoinedDataset : public Dataset {
  public:
    struct Part {
        std::string name;
        std::unique_ptr<Dataset> images;
        std::int64_t first_label = 0;  // of its class 0 among the classes of all
    };

    explicit JoinedDataset(std::vector<Part> parts);

    std::int64_t size() const override { return ends_.back(); }
    ImageView image(std::int64_t i) const override;
    std::int64_t label(std::int64_t i) const override;
    /// "NAME/" and the origin in the part of that name.
    std::string origin(std::int64_t i) const override;
    std::string sha256(std::int64_t i) const override;
    /// The part that image i comes from, for every i.
    std::vector<std::int64_t> part_of_each() const;

  private:
    struct Place {
        const Part& part;
        std::int64_t i;  // in the part
    };
    Place place(std::int64_t i) const;

    std::vector<Part> parts_;
    std::vector<std::int64_t> ends_;  // of each part
};

struct NamedSource {
    std::string name;
    DataSource source;
};

/// Data sets to be learnt one after the other, each with its own test set. Classes are those of the
/// first, then those of the second, and so on, named "NAME/class"; the SHA-256 is that of the
/// names and SHA-256 of all.
DataSource join_as_tasks(std::vector<NamedSource> sources);

}  // namespace promptcl::data
