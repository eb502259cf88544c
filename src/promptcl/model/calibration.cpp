#include "promptcl/model/calibration.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>

namespace promptcl::model {
namespace {

constexpr double kHottest = 50;  // and 1 / kHottest the coldest

/// log(sum over c of exp(logit_c / temperature)), safely.
double log_sum(std::span<const float> logits, double temperature) {
    const double largest = *std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp((static_cast<double>(logit) - largest) / temperature);
    return largest / temperature + std::log(sum);
}

/// The value below which at most the share `share` of the values lies.
double quantile(std::vector<double> values, double share) {
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(values.size()));
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::ranges::nth_element(values, place);
    return *place;
}

std::vector<double> values_of(std::span<const Likeness> images, double Likeness::*member) {
    std::vector<double> values;
    for (const Likeness& image : images)
        values.push_back(image.*member);
    return values;
}

bool all_equal(const std::vector<double>& values) {
    return std::ranges::adjacent_find(values, std::ranges::not_equal_to()) == values.end();
}

}  // namespace

const Threshold* Calibration::threshold_for(double false_alarms) const {
    const Threshold* found = nullptr;
    for (const Threshold& threshold : thresholds) {
        if (threshold.wanted <= false_alarms) found = &threshold;
    }
    return found;
}

std::vector<double> probabilities(std::span<const float> logits, double temperature) {
    if (logits.empty()) return {};
    const double all = log_sum(logits, temperature);
    std::vector<double> result;
    for (const float logit : logits)
        result.push_back(std::exp(static_cast<double>(logit) / temperature - all));
    return result;
}

double negative_log_likelihood(const Scored& scored, double temperature) {
    double sum = 0;
    for (std::size_t i = 0; i < scored.labels.size(); ++i) {
        const auto row = scored.row(i);
        sum += log_sum(row, temperature) -
               static_cast<double>(row[static_cast<std::size_t>(scored.labels[i])]) / temperature;
    }
    return sum / static_cast<double>(scored.labels.size());
}

double fit_temperature(const Scored& scored) {
    require(!scored.labels.empty(), "a temperature is fitted on at least one image");
    // The mean is convex in 1/T, so it has one valley along log T too: golden sections find it.
    constexpr int kSections = 60;
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double low = -std::log(kHottest), high = std::log(kHottest);
    const auto at = [&](double log_temperature) {
        return negative_log_likelihood(scored, std::exp(log_temperature));
    };
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = at(left), at_right = at(right);
    for (int i = 0; i < kSections; ++i) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = at(left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = at(right);
        }
    }
    return std::exp((low + high) / 2);
}

double calibration_error(const Scored& scored, double temperature, int bins) {
    struct Bin {
        double right = 0, sure = 0;
    };
    std::vector<Bin> all(static_cast<std::size_t>(bins));
    for (std::size_t i = 0; i < scored.labels.size(); ++i) {
        const auto p = probabilities(scored.row(i), temperature);
        const auto best = std::ranges::max_element(p);
        const auto bin = std::min(static_cast<std::size_t>(*best * bins), all.size() - 1);
        all[bin].sure += *best;
        all[bin].right += best - p.begin() == scored.labels[i] ? 1 : 0;
    }
    double sum = 0;
    for (const Bin& bin : all)
        sum += std::abs(bin.right - bin.sure);
    return sum / static_cast<double>(scored.labels.size());
}

Threshold fit_threshold(std::span<const Likeness> fitted, std::span<const Likeness> held_out,
                        double wanted) {
    require(!fitted.empty(), "a threshold is fitted on at least one image");
    require(wanted >= 0 && wanted < 1, "a share of images lies in [0, 1)");
    const auto keys = values_of(fitted, &Likeness::key);
    const auto means = values_of(fitted, &Likeness::class_mean);
    const double share = all_equal(keys) || all_equal(means) ? wanted : wanted / 2;
    Threshold result{.wanted = wanted,
                     .least = {.key = quantile(keys, share), .class_mean = quantile(means, share)}};
    if (!held_out.empty()) {
        const auto rejected = std::ranges::count_if(
            held_out, [&](const Likeness& image) { return result.rejects(image); });
        result.measured = static_cast<double>(rejected) / static_cast<double>(held_out.size());
    }
    return result;
}

}  // namespace promptcl::model
