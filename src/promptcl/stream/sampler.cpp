#include "promptcl/stream/sampler.h"

#include "promptcl/core/error.h"

#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace promptcl::stream {

Steps training_steps(std::int64_t n, std::int64_t epochs, std::int64_t batch) {
    require(n >= 0 && epochs >= 1 && batch >= 1,
            "steps are counted over whole epochs of whole batches");
    const std::int64_t per_epoch = n * epochs / batch / epochs;
    if (per_epoch == 0) {
        throw UsageError(
            fmt::format("a task of {} training images does not fill one batch of {}", n, batch),
            "lower per_device_batch_size or num_devices, or raise subsample_rate");
    }
    return {.per_epoch = per_epoch, .total = per_epoch * epochs};
}

std::int64_t counted_images(std::int64_t n, std::int64_t percent) {
    const double left_out = static_cast<double>(n * (100 - percent)) / 100.0;
    return n - static_cast<std::int64_t>(std::nearbyint(left_out));
}

EpochSampler::EpochSampler(std::vector<std::int64_t> indices, std::int64_t batch, Rng rng)
    : indices_(std::move(indices)), batch_(batch), rng_(std::move(rng)) {
    require(!indices_.empty() && batch >= 1, "a sampler needs images and a batch size");
}

std::vector<std::int64_t> EpochSampler::batch(std::int64_t step) const {
    const auto n = std::ssize(indices_);
    std::vector<std::int64_t> chosen;
    std::vector<std::int64_t> order;
    std::int64_t order_epoch = -1;
    for (std::int64_t place = step * batch_; place < (step + 1) * batch_; ++place) {
        if (place / n != order_epoch) {
            order_epoch = place / n;
            order = rng_.fork("epoch", order_epoch).permutation(n);
        }
        chosen.push_back(
            indices_[static_cast<std::size_t>(order[static_cast<std::size_t>(place % n)])]);
    }
    return chosen;
}

}  // namespace promptcl::stream
