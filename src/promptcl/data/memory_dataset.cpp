#include "promptcl/data/memory_dataset.h"

#include "promptcl/core/error.h"
#include "promptcl/io/sha256.h"

#include <fmt/format.h>
#include <utility>

namespace promptcl::data {

MemoryDataset::MemoryDataset(int height, int width, std::vector<std::uint8_t> pixels,
                             std::vector<std::int64_t> labels, std::vector<RecordFile> files)
    : height_(height),
      width_(width),
      pixels_(std::move(pixels)),
      labels_(std::move(labels)),
      files_(std::move(files)) {
    const auto image_bytes = static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3;
    require(pixels_.size() == labels_.size() * image_bytes,
            "a memory data set has one label for each image");
    std::int64_t from_files = 0;
    for (const auto& file : files_)
        from_files += file.images;
    require(from_files == std::ssize(labels_),
            "every image of a memory data set comes from a file");
}

ImageView MemoryDataset::image(std::int64_t i) const {
    require(i >= 0 && i < size(), "the number of an image lies in the data set");
    const auto image_bytes =
        static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_) * 3;
    return {height_, width_,
            pixels().subspan(static_cast<std::size_t>(i) * image_bytes, image_bytes)};
}

std::int64_t MemoryDataset::label(std::int64_t i) const {
    require(i >= 0 && i < size(), "the number of an image lies in the data set");
    return labels_[static_cast<std::size_t>(i)];
}

std::string MemoryDataset::origin(std::int64_t i) const {
    require(i >= 0 && i < size(), "the number of an image lies in the data set");
    for (const auto& file : files_) {
        if (i < file.images) return fmt::format("{}:{}", file.name, i);
        i -= file.images;
    }
    throw Bug("every image of a memory data set comes from a file");
}

DataSource memory_source(std::unique_ptr<MemoryDataset> train, std::unique_ptr<MemoryDataset> test,
                         std::vector<std::string> class_names) {
    io::Sha256 digest;
    for (const auto* split : {train.get(), test.get()}) {
        const std::int64_t count = split->size();
        digest.update(std::as_bytes(std::span(&count, 1)));
        digest.update(std::as_bytes(split->pixels()));
        digest.update(std::as_bytes(split->labels()));
    }
    DataSource source;
    source.train = std::move(train);
    source.test = std::move(test);
    source.class_names = std::move(class_names);
    source.sha256 = digest.hex();
    return source;
}

}  // namespace promptcl::data
