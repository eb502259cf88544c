#include "promptcl/report/pool_use.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <string_view>

namespace promptcl::report {
namespace {

constexpr std::string_view kTag = "histogram_";

/// The task of a histogram's tag; -1 for another tag.
std::int64_t task_of(std::string_view tag) {
    std::int64_t task = -1;
    if (!tag.starts_with(kTag)) return task;
    tag.remove_prefix(kTag.size());
    const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), task);
    return error == std::errc() && end == tag.data() + tag.size() ? task : -1;
}

/// Prompt ids are whole numbers, so buckets that are less than one wide hold one id each.
std::optional<std::vector<double>> counts_of(const io::LoggedHistogram& histogram,
                                             std::int64_t pool) {
    std::vector<double> counts(static_cast<std::size_t>(pool));
    double lower = histogram.min;
    for (std::size_t bucket = 0; bucket < histogram.limits.size(); ++bucket) {
        const double upper = histogram.limits[bucket];
        const bool last = bucket + 1 == histogram.limits.size();
        constexpr double kRounding = 1e-9;
        if (upper - lower > 1 - kRounding) return std::nullopt;
        // [lower, upper), the last one with its end.
        const double id = last ? std::floor(upper + kRounding) : std::ceil(lower - kRounding);
        if (histogram.counts[bucket] > 0) {
            if (id < 0 || id >= static_cast<double>(pool)) return std::nullopt;
            counts[static_cast<std::size_t>(id)] += histogram.counts[bucket];
        }
        lower = upper;
    }
    return counts;
}

double sum_of(std::span<const double> counts) {
    return std::accumulate(counts.begin(), counts.end(), 0.0);
}

}  // namespace

std::optional<PoolUse> pool_use(const std::vector<Prediction>& predictions, std::int64_t pool) {
    PoolUse use;
    for (const Prediction& made : predictions) {
        if (made.prompts.empty()) return std::nullopt;
        const auto task = static_cast<std::size_t>(made.task);
        if (task >= use.counts.size())
            use.counts.resize(task + 1, std::vector<double>(static_cast<std::size_t>(pool)));
        use.each = std::ssize(made.prompts);
        for (const std::int64_t id : made.prompts) {
            if (id < 0 || id >= pool) return std::nullopt;
            ++use.counts[task][static_cast<std::size_t>(id)];
        }
    }
    if (use.counts.empty()) return std::nullopt;
    return use;
}

std::optional<PoolUse> pool_use(const io::LoggedEvents& events, std::int64_t pool,
                                std::int64_t each) {
    std::map<std::int64_t, const io::LoggedHistogram*> last;
    for (const auto& histogram : events.histograms) {
        const std::int64_t task = task_of(histogram.tag);
        if (task >= 0) last[task] = &histogram;
    }
    PoolUse use{.each = each};
    for (const auto& [task, histogram] : last) {
        auto counts = counts_of(*histogram, pool);
        if (!counts || task != std::ssize(use.counts)) return std::nullopt;
        use.counts.push_back(std::move(*counts));
    }
    if (use.counts.empty()) return std::nullopt;
    return use;
}

std::vector<double> shares(std::span<const double> counts, std::int64_t each) {
    const double images = std::max(sum_of(counts) / static_cast<double>(each), 1.0);
    std::vector<double> shares;
    for (const double count : counts)
        shares.push_back(count / images);
    return shares;
}

double entropy_bits(std::span<const double> counts) {
    const double sum = sum_of(counts);
    double entropy = 0;
    for (const double count : counts) {
        if (count > 0) entropy -= count / sum * std::log2(count / sum);
    }
    return entropy;
}

double effective_number(std::span<const double> counts) {
    return std::exp2(entropy_bits(counts));
}

std::vector<std::int64_t> dead_prompts(const PoolUse& use) {
    std::vector<std::int64_t> dead;
    const std::int64_t pool = use.counts.empty() ? 0 : std::ssize(use.counts.front());
    for (std::int64_t id = 0; id < pool; ++id) {
        const bool chosen = std::ranges::any_of(
            use.counts, [&](const auto& task) { return task[static_cast<std::size_t>(id)] > 0; });
        if (!chosen) dead.push_back(id);
    }
    return dead;
}

}  // namespace promptcl::report
