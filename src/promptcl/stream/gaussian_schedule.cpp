#include "promptcl/stream/gaussian_schedule.h"

#include <cmath>

namespace promptcl::stream {
namespace {

constexpr double kWidth = 50;  // in steps, whatever the length of the schedule

}  // namespace

double gaussian_presence(std::int64_t place, std::int64_t classes, std::int64_t schedule_steps,
                         std::int64_t position) {
    const double peak = (static_cast<double>(place) + 0.5) * static_cast<double>(schedule_steps) /
                        static_cast<double>(classes);
    const double distance = static_cast<double>(position) - peak;
    return std::exp(-distance * distance / (2 * kWidth * kWidth));
}

std::vector<std::vector<std::int64_t>> gaussian_schedule(const std::vector<std::int64_t>& classes,
                                                         std::int64_t episodes,
                                                         std::int64_t steps_per_episode,
                                                         const Rng& rng) {
    const auto count = std::ssize(classes);
    std::vector<std::vector<std::int64_t>> schedule(static_cast<std::size_t>(episodes));
    for (std::int64_t episode = 0; episode < episodes; ++episode) {
        auto& held = schedule[static_cast<std::size_t>(episode)];
        Rng draw = rng.fork("episode", episode);
        while (held.empty()) {
            for (std::int64_t place = 0; place < count; ++place) {
                const double presence = gaussian_presence(
                    place, count, episodes * steps_per_episode, episode * steps_per_episode);
                if (draw.uniform() < presence)
                    held.push_back(classes[static_cast<std::size_t>(place)]);
            }
        }
    }
    return schedule;
}

}  // namespace promptcl::stream
