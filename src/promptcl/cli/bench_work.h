// What `promptcl bench` measures, and how much arithmetic it is.
#pragma once

#include "promptcl/backbone/geometry.h"
#include "promptcl/config/config.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace promptcl::cli {

enum class Measure : std::uint8_t {
    kQuery,            // the un-prompted pass
    kTraining,         // query, choice, prompted pass, backward, clipping, optimizer
    kEvaluation,       // query, choice, prompted pass
    kCachedEvaluation  // the same with the queries at hand
};

inline constexpr std::array kMeasures = {Measure::kQuery, Measure::kTraining, Measure::kEvaluation,
                                         Measure::kCachedEvaluation};

/// "query", "training step", "evaluation step", "evaluation step, cached queries".
std::string_view name_of(Measure measure);
/// The same as a key: "query", "training_step", "evaluation_step", "cached_evaluation_step".
std::string_view key_of(Measure measure);

/// Floating-point operations for an image (backbone/flops.h): all of every pass, as if nothing
/// could be left out or shared between them.
double flops_per_image(const config::Config& config, const backbone::Geometry& geometry,
                       Measure measure);

}  // namespace promptcl::cli
