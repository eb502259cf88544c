#include "promptcl/backbone/random_checkpoint.h"

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace promptcl::backbone {

Checkpoint random_checkpoint(const Geometry& geometry, std::int64_t grid, const Rng& rng) {
    Checkpoint result{.survey = {.geometry = geometry, .grid = grid}};
    for (const auto& [name, shape] : array_shapes(geometry, grid)) {
        const auto count =
            std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
        std::vector<float> values(static_cast<std::size_t>(count),
                                  name.ends_with("/scale") ? 1.0F : 0.0F);
        Rng draw = rng.fork(name);
        if (name.ends_with("kernel")) {
            const bool out = name.ends_with("out/kernel"), attention = shape.size() == 3;
            const std::int64_t fan_in = out         ? shape[0] * shape[1]
                                        : attention ? shape[0]
                                                    : count / shape.back();
            const std::int64_t fan_out = count / fan_in;
            const double bound = std::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
            for (float& value : values)
                value = static_cast<float>(draw.uniform(-bound, bound));
        } else if (name.ends_with("pos_embedding")) {
            for (float& value : values)
                value = static_cast<float>(0.02 * draw.normal());
        }
        result.arrays[name] = io::Array::of(std::span<const float>(values), shape);
    }
    return result;
}

}  // namespace promptcl::backbone
