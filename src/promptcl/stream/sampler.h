// How many steps a task has, and which images each step sees.
#pragma once

#include "promptcl/core/rng.h"

#include <cstdint>
#include <vector>

namespace promptcl::stream {

struct Steps {
    std::int64_t per_epoch = 0;
    std::int64_t total = 0;  // epochs * per_epoch
};

/// The steps of `epochs` epochs over n images in batches of `batch`: floor(n * epochs / batch),
/// rounded down to whole epochs of floor(that / epochs) steps. UsageError when that is no step at
/// all (n < batch).
Steps training_steps(std::int64_t n, std::int64_t epochs, std::int64_t batch);

/// The images over which a task's steps are counted: n - round((100 - percent) % of n), a half to
/// the even number. Source: the split "train[:-1%]" of tensorflow_datasets, whose length the
/// original counts while it shows all images.
std::int64_t counted_images(std::int64_t n, std::int64_t percent);

/// The images of every step, as a pure function of (seed, step): epoch e is the permutation
/// rng.fork("epoch", e) of all indices, and step s takes the places s * batch .. (s + 1) * batch -
/// 1 of the epochs laid end to end. So a batch may cross the border of an epoch. Any number of
/// threads may ask.
class EpochSampler {
  public:
    /// `indices` must not be empty.
    EpochSampler(std::vector<std::int64_t> indices, std::int64_t batch, Rng rng);

    /// The indices of step 0, 1, ...
    std::vector<std::int64_t> batch(std::int64_t step) const;

  private:
    std::vector<std::int64_t> indices_;
    std::int64_t batch_;
    Rng rng_;
};

}  // namespace promptcl::stream
