// Which prompts of the pool the test images of each task choose.
#pragma once

#include "promptcl/io/event_reader.h"
#include "promptcl/report/predictions.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace promptcl::report {

/// counts[task][prompt]: how often; every image chooses as many prompts as another.
struct PoolUse {
    std::vector<std::vector<double>> counts;
    std::int64_t each = 1;  // N, prompts of an image
};

/// `each` prompts an image out of `pool`. Nothing when no prompt was chosen.
std::optional<PoolUse> pool_use(const std::vector<Prediction>& predictions, std::int64_t pool);
/// From the last histogram of every task (tag histogram_TASK). Nothing when there is none, or one
/// too coarse to tell two prompts apart, as happens when a pool is larger than it has buckets.
std::optional<PoolUse> pool_use(const io::LoggedEvents& events, std::int64_t pool,
                                std::int64_t each);

/// Share of the images that chose each prompt, in [0, 1].
std::vector<double> shares(std::span<const double> counts, std::int64_t each);
/// -sum p log2 p of the shares p of all choices, in bits: 0 when one prompt gets all of them.
double entropy_bits(std::span<const double> counts);
/// 2 to the entropy: so many prompts, chosen equally often, would have it.
double effective_number(std::span<const double> counts);
/// Prompts that no image of any task chooses, from 0.
std::vector<std::int64_t> dead_prompts(const PoolUse& use);

}  // namespace promptcl::report
