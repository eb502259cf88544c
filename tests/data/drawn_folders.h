// The drawn data set as picture files in folders, one a class.
#pragma once

#include "promptcl/data/dataset.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace promptcl::data {

class DrawnFolders {
  public:
    DrawnFolders(std::int64_t train_per_class, std::int64_t test_per_class);

    /// Writes the training or test pictures of the classes from `first` up to `last`.
    void write_train(const std::filesystem::path& folder, std::int64_t first,
                     std::int64_t last) const;
    void write_test(const std::filesystem::path& folder, std::int64_t first,
                    std::int64_t last) const;

    const std::vector<std::string>& class_names() const { return drawn_.class_names; }
    std::string name(std::int64_t label) const {
        return drawn_.class_names[static_cast<std::size_t>(label)];
    }

  private:
    DataSource drawn_;
};

}  // namespace promptcl::data
