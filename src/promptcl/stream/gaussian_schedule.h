// Classes that come and go smoothly, without a border between tasks.
#pragma once

#include "promptcl/core/rng.h"

#include <cstdint>
#include <vector>

namespace promptcl::stream {

/// The classes of every episode. With C classes, E episodes of s steps and a schedule of S = E * s
/// steps, the class at place j has its peak at (j + 0.5) * S / C, and the episode at step p = e * s
/// holds it with probability
///
///   exp(-(p - peak)^2 / (2 * 50^2)),
///
/// all classes being drawn anew while an episode holds none. Source: spec section 6; Shanahan et
/// al., arXiv 2105.13327; google-research/l2p libml/input_pipeline.py.
std::vector<std::vector<std::int64_t>> gaussian_schedule(const std::vector<std::int64_t>& classes,
                                                         std::int64_t episodes,
                                                         std::int64_t steps_per_episode,
                                                         const Rng& rng);

/// The probability that the episode at step `position` holds the class at place `place`.
double gaussian_presence(std::int64_t place, std::int64_t classes, std::int64_t schedule_steps,
                         std::int64_t position);

}  // namespace promptcl::stream
