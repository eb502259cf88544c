// Images of one size, held in memory.
#pragma once

#include "promptcl/data/dataset.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace promptcl::data {

/// A file and how many images came from it.
struct RecordFile {
    std::string name;
    std::int64_t images = 0;
};

class MemoryDataset : public Dataset {
  public:
    /// `pixels` holds one image of height x width x 3 bytes for each label, one after the other, in
    /// the order of `files`.
    MemoryDataset(int height, int width, std::vector<std::uint8_t> pixels,
                  std::vector<std::int64_t> labels, std::vector<RecordFile> files);

    std::int64_t size() const override { return std::ssize(labels_); }
    ImageView image(std::int64_t i) const override;
    std::int64_t label(std::int64_t i) const override;
    std::string origin(std::int64_t i) const override;

    std::span<const std::uint8_t> pixels() const { return pixels_; }
    std::span<const std::int64_t> labels() const { return labels_; }

  private:
    int height_, width_;
    std::vector<std::uint8_t> pixels_;
    std::vector<std::int64_t> labels_;
    std::vector<RecordFile> files_;
};

/// Both splits, with the SHA-256 over their sizes, pixels and labels.
DataSource memory_source(std::unique_ptr<MemoryDataset> train, std::unique_ptr<MemoryDataset> test,
                         std::vector<std::string> class_names);

}  // namespace promptcl::data
