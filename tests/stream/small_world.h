// A data set whose images are single grey values, so that a test can tell them apart.
#pragma once

#include "promptcl/data/dataset.h"
#include "promptcl/data/memory_dataset.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace promptcl::stream {

/// Image i is 8 x 8 pixels of the grey value i.
inline std::unique_ptr<data::Dataset> grey_images(std::vector<std::int64_t> labels) {
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < labels.size(); ++i)
        pixels.insert(pixels.end(), 8 * 8 * 3, static_cast<std::uint8_t>(i));
    const auto images = std::ssize(labels);
    return std::make_unique<data::MemoryDataset>(8, 8, std::move(pixels), std::move(labels),
                                                 std::vector{data::RecordFile{"grey", images}});
}

/// `classes` classes with `train` and `test` images each, the classes taking turns: labels 0, 1, 2,
/// 0, 1, 2, ...
inline data::DataSource small_world(std::int64_t classes, std::int64_t train, std::int64_t test) {
    data::DataSource source;
    std::vector<std::int64_t> train_labels, test_labels;
    for (std::int64_t i = 0; i < classes * train; ++i)
        train_labels.push_back(i % classes);
    for (std::int64_t i = 0; i < classes * test; ++i)
        test_labels.push_back(i % classes);
    source.train = grey_images(std::move(train_labels));
    source.test = grey_images(std::move(test_labels));
    for (std::int64_t label = 0; label < classes; ++label)
        source.class_names.push_back("class_" + std::to_string(label));
    return source;
}

}  // namespace promptcl::stream
