#include "promptcl/data/augment/rand_augment.h"

#include "promptcl/data/augment/tones.h"

#include <algorithm>
#include <cmath>

namespace promptcl::data::augment {

RandAugment::RandAugment(const config::Augment& config, int side)
    : config_(config), translation_(largest_translation(side)) {}

float RandAugment::level(const Rng& rng) const {
    Rng draw = rng.fork("level");
    const auto levels = static_cast<float>(config_.randaugment_num_levels);
    if (config_.randaugment_magstd > 0) {
        const double drawn =
            config_.randaugment_magnitude + config_.randaugment_magstd * draw.normal();
        return std::clamp(static_cast<float>(drawn), 0.0f, levels) / levels;
    }
    if (config_.randaugment_magnitude >= 0)
        return static_cast<float>(config_.randaugment_magnitude);
    if (config_.randaugment_num_levels == 0) return static_cast<float>(draw.uniform());
    return static_cast<float>(draw.below(config_.randaugment_num_levels + 1)) / levels;
}

void RandAugment::apply(Image& image, const Rng& rng) const {
    for (std::int64_t layer = 0; layer < config_.randaugment_num_layers; ++layer) {
        const Rng own = rng.fork("layer", layer);
        if (own.fork("apply").uniform() >= config_.randaugment_prob_to_apply) continue;
        const auto operation =
            static_cast<std::size_t>(own.fork("operation").below(std::ssize(kOperations)));
        augment::apply(kOperations[operation],
                       {.level = level(own),
                        .positive = own.fork("sign").uniform() < 0.5,
                        .translation = translation_},
                       image);
    }
    if (!config_.randaugment_cutout) return;
    Rng place = rng.fork("cutout");
    const auto row = static_cast<float>(std::nearbyint(place.uniform(0, image.height)));
    const auto column = static_cast<float>(std::nearbyint(place.uniform(0, image.width)));
    cutout(image, row, column);
}

}  // namespace promptcl::data::augment
