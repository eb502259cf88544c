#include "promptcl/data/augment/mix.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace promptcl::data::augment {
namespace {

/// Row i of [B, N] values.
template <class Value>
auto row_of(std::span<Value> all, std::int64_t rows, std::int64_t i) {
    const std::size_t length = all.size() / static_cast<std::size_t>(rows);
    return all.subspan(static_cast<std::size_t>(i) * length, length);
}

/// Row i becomes w_i * row i + (1 - w_i) * row partner[i].
void mix_rows(std::span<float> all, std::span<const float> weights,
              std::span<const std::int64_t> partner) {
    const std::vector<float> original(all.begin(), all.end());
    const std::int64_t rows = std::ssize(weights);
    for (std::int64_t i = 0; i < rows; ++i) {
        const float weight = weights[static_cast<std::size_t>(i)];
        const auto other = row_of(std::span(original), rows, partner[static_cast<std::size_t>(i)]);
        const auto own = row_of(all, rows, i);
        for (std::size_t k = 0; k < own.size(); ++k)
            own[k] = own[k] * weight + other[k] * (1 - weight);
    }
}

std::vector<float> drawn_weights(std::int64_t count, double alpha, Rng rng) {
    std::vector<float> result;
    for (std::int64_t i = 0; i < count; ++i)
        result.push_back(static_cast<float>(std::pow(rng.uniform(), 1 / alpha) / 2));
    return result;
}

std::vector<std::int64_t> reversed(std::int64_t count) {
    std::vector<std::int64_t> result;
    for (std::int64_t i = count - 1; i >= 0; --i)
        result.push_back(i);
    return result;
}

bool holds(std::int64_t first, std::int64_t length, std::int64_t at) {
    return at >= first && at < first + length;
}

}  // namespace

void smooth_labels(std::span<float> targets, std::int64_t classes, float smoothing) {
    const float off = smoothing / static_cast<float>(classes);
    for (float& target : targets)
        target = target * (1 - smoothing) + off;
}

void mixup(MixedBatch batch, std::span<const float> weights,
           std::span<const std::int64_t> partner) {
    mix_rows(batch.images, weights, partner);
    mix_rows(batch.targets, weights, partner);
}

void cutmix(MixedBatch batch, std::span<const float> weights, std::span<const CutMask> masks) {
    const std::vector<float> original(batch.images.begin(), batch.images.end());
    const std::int64_t count = batch.count;
    const auto side = static_cast<std::size_t>(batch.size);
    for (std::int64_t i = 0; i < count; ++i) {
        const CutMask& mask = masks[static_cast<std::size_t>(i)];
        const auto own = row_of(batch.images, count, i);
        const auto other = row_of(std::span(original), count, count - 1 - i);
        for (std::size_t k = 0; k < own.size(); ++k) {
            const auto y = static_cast<std::int64_t>(k / side % side);
            const auto x = static_cast<std::int64_t>(k % side);
            if (!holds(mask.top, mask.side, y) || !holds(mask.left, mask.side, x))
                own[k] = other[k];
        }
    }
    mix_rows(batch.targets, weights, reversed(count));
}

CutMask drawn_mask(float weight, int size, Rng& rng) {
    const auto side = static_cast<std::int64_t>(std::sqrt(weight) * static_cast<float>(size));
    const auto left = rng.below(size) % (size - side), top = rng.below(size) % (size - side);
    return {.top = top, .left = left, .side = side};
}

void mix(MixedBatch batch, const config::Mix& config, const Rng& rng) {
    require(config.on(), "mixup or cutmix is on");
    const std::int64_t count = batch.count;
    if (count == 0 || rng.fork("apply").uniform() >= config.prob_to_apply) return;
    const auto smoothing = static_cast<float>(config.smoothing);
    if (smoothing > 0) smooth_labels(batch.targets, std::ssize(batch.targets) / count, smoothing);
    const bool both = config.mixup_alpha > 0 && config.cutmix_alpha > 0;
    const bool by_mixup = both ? rng.fork("branch").below(2) == 0 : config.mixup_alpha > 0;
    if (by_mixup) {
        auto weights = drawn_weights(count, config.mixup_alpha, rng.fork("mixup"));
        for (float& weight : weights)
            weight = std::max(weight, 1 - weight);
        return mixup(batch, weights, rng.fork("partner").permutation(count));
    }
    const auto weights = drawn_weights(count, config.cutmix_alpha, rng.fork("cutmix"));
    Rng places = rng.fork("places");
    std::vector<CutMask> masks;
    for (const float weight : weights)
        masks.push_back(drawn_mask(weight, batch.size, places));
    cutmix(batch, weights, masks);
}

}  // namespace promptcl::data::augment
