#include "promptcl/data/augment/random_erasing.h"

#include "promptcl/core/error.h"

#include <cmath>
#include <cstddef>

namespace promptcl::data::augment {

ErasedPart drawn_part(int size, const Rng& rng) {
    constexpr double kMinArea = 0.02, kMaxArea = 1.0 / 3.0, kMinAspect = 0.3;
    const double area = rng.fork("area").uniform(kMinArea, kMaxArea);
    const double aspect =
        std::exp(rng.fork("aspect").uniform(std::log(kMinAspect), std::log(1.0 / kMinAspect)));
    Rng middle = rng.fork("middle");
    const double y = middle.uniform(0, size), x = middle.uniform(0, size);
    return {.middle_y = static_cast<float>(y),
            .middle_x = static_cast<float>(x),
            .half_height = static_cast<float>(size * std::sqrt(area * aspect) / 2),
            .half_width = static_cast<float>(size * std::sqrt(area / aspect) / 2)};
}

void erase(std::span<float> chw, int size, const ErasedPart& part, const Rng& rng) {
    const auto side = static_cast<std::size_t>(size);
    require(chw.size() == 3 * side * side, "an image to erase fills its span");
    Rng noise = rng.fork("noise");
    const auto within = [](std::size_t place, float middle, float half) {
        const auto at = static_cast<float>(place);
        return at > middle - half && at < middle + half;
    };
    for (std::size_t i = 0; i < chw.size(); ++i) {
        if (within(i / side % side, part.middle_y, part.half_height) &&
            within(i % side, part.middle_x, part.half_width))
            chw[i] = static_cast<float>(noise.normal());
    }
}

void random_erasing(std::span<float> chw, int size, double probability, const Rng& rng) {
    if (rng.fork("apply").uniform() >= probability) return;
    erase(chw, size, drawn_part(size, rng), rng);
}

}  // namespace promptcl::data::augment
