#include "promptcl/train/schedule.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promptcl::train {
namespace {

constexpr double kReferenceBatch = 256;  // learning_rate is stated for this batch size

double decay(const std::string& schedule, double done) {
    if (schedule == "constant") return 1.0;
    if (schedule == "linear") return 1.0 - done;
    require(schedule == "cosine", "learning_rate_schedule is one of constant, linear, cosine");
    return 0.5 * (1.0 + std::cos(std::numbers::pi * done));
}

}  // namespace

double learning_rate_at(const config::Config& config, std::int64_t step,
                        std::int64_t steps_per_epoch) {
    const double scale = static_cast<double>(config.global_batch_size()) / kReferenceBatch;
    const double epoch = static_cast<double>(step) / static_cast<double>(steps_per_epoch);
    const double warmup = config.warmup_epochs, epochs = static_cast<double>(config.num_epochs);
    const double warm = warmup > 0 ? std::min(1.0, epoch / warmup) : 1.0;
    const double done = std::max(0.0, (epoch - warmup) / (epochs - warmup));
    const double rate =
        config.learning_rate * scale * warm * decay(config.learning_rate_schedule, done);
    return epoch >= warmup ? std::max(rate, config.min_learning_rate * scale) : rate;
}

}  // namespace promptcl::train
