// The images of one step, ready for the network.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/transform.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace promptcl::stream {

/// What was prepared of some images that are finished elsewhere, a secret of who prepared it.
struct Prepared {
    virtual ~Prepared() = default;
};

struct Batch {
    std::vector<float> images;              // [B, 3, S, S] in [0, 1]; empty when nobody reads them
    std::vector<std::int64_t> labels, ids;  // [B] global class; [B] position in the data set
    std::int64_t replayed = 0;              // that many last rows are from a replay buffer
    std::vector<float> query;               // [B, D] when it is known already
    // In place of images, one after the other (input/image_source.h).
    std::vector<std::shared_ptr<const Prepared>> prepared;

    std::int64_t size() const { return std::ssize(labels); }
    bool has_images() const { return !images.empty() || !prepared.empty(); }
};

/// Whether anybody reads the pixels of a batch, or labels and queries are all that is wanted.
enum class Pixels { kRead, kUnread };

/// The images `ids` of the data set, augmented; image k of the batch draws from
/// step_rng.fork("image", k).
Batch training_batch(const data::Dataset& dataset, const data::Transform& transform,
                     std::span<const std::int64_t> ids, const Rng& step_rng);
/// `batch` with the rows of `replayed` behind its own.
Batch with_replay(Batch batch, const Batch& replayed);
/// The images `ids` of the data set as they are evaluated.
Batch evaluation_batch(const data::Dataset& dataset, const data::Transform& transform,
                       std::span<const std::int64_t> ids);
/// Labels and ids alone.
Batch batch_without_images(const data::Dataset& dataset, std::span<const std::int64_t> ids);

}  // namespace promptcl::stream
