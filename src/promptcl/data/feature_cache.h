// Features of images, computed once, in a file that runs share (docs/formats.md, "Feature cache").
#pragma once

#include "promptcl/io/file.h"
#include "promptcl/io/mapped_file.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::data {

/// The first line of a file.
inline constexpr std::string_view kFeatureFormat = "promptcl-features-1";

/// How many rows of how many numbers.
struct FeatureShape {
    std::int64_t images = 0, width = 0;
};

/// Images whose features are computed together. In other company the last bits of a row may differ,
/// so that a row belongs to its company too.
class Company {
  public:
    /// `seed` is that of their augmentation, 0 without one.
    explicit Company(std::span<const std::int64_t> images, std::uint64_t seed = 0);

    std::span<const std::int64_t> images() const { return images_; }
    std::string_view sha256() const { return sha256_; }

  private:
    std::vector<std::int64_t> images_;
    std::string sha256_;
};

/// A row of numbers for each image of a split; at first all are missing. Each row has a checksum:
/// one that is damaged, half written or of another company is missing. Any number of threads and
/// processes may read and write at once, and be killed; the file takes the room of what was
/// written.
class FeatureCache {
  public:
    /// In memory, for this process.
    explicit FeatureCache(FeatureShape shape);
    /// In the file NAME-KEY.features of `folder`, with KEY from `identity`: everything that the
    /// rows depend on beside image and company. A file that is cut off or another's is replaced by
    /// a new one. Error naming the folder or file that cannot be made or written.
    FeatureCache(const std::filesystem::path& folder, std::string_view name,
                 std::string_view identity, FeatureShape shape);

    std::int64_t width() const { return shape_.width; }

    /// The row of one image as it was computed in this company; false when it is missing.
    bool read(std::int64_t image, const Company& company, std::span<float> row) const;
    /// The rows of the company [B, D]; empty unless all are there.
    std::vector<float> find(const Company& company) const;
    /// Keeps its rows [B, D]. Error naming the file when it cannot be written.
    void keep(const Company& company, std::span<const float> rows);

  private:
    FeatureCache(io::File file, FeatureShape shape);

    FeatureShape shape_;
    io::File file_;
    io::MappedFile mapped_;
};

}  // namespace promptcl::data
