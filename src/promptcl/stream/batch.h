// The images of one step, ready for the network.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/transform.h"

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::stream {

struct Batch {
    std::vector<float> images;              // [B, 3, S, S] in [0, 1]
    std::vector<std::int64_t> labels, ids;  // [B] global class; [B] position in the data set
    std::int64_t replayed = 0;              // that many last rows are from a replay buffer, ids too

    std::int64_t size() const { return std::ssize(labels); }
};

/// The images `ids` of the data set, augmented; image k of the batch draws from
/// step_rng.fork("image", k).
Batch training_batch(const data::Dataset& dataset, const data::Transform& transform,
                     std::span<const std::int64_t> ids, const Rng& step_rng);
/// `batch` with the rows of `replayed` behind its own.
Batch with_replay(Batch batch, const Batch& replayed);
/// The images `ids` of the data set as they are evaluated.
Batch evaluation_batch(const data::Dataset& dataset, const data::Transform& transform,
                       std::span<const std::int64_t> ids);

}  // namespace promptcl::stream
