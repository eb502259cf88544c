// How sure a classifier may be: probabilities that mean what they say, and images unlike all that
// was learnt.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::model {

/// How much an image looks like what was learnt. Both are cosines in [-1, 1].
struct Likeness {
    double key = 1;  // of the query with the keys of its prompts, their mean; 1 without a pool
    double class_mean = 1;  // of the query with the nearest mean query of a class
};

/// An image is rejected when either likeness lies below its threshold.
struct Threshold {
    double wanted = 0;  // share of known images that may be rejected
    Likeness least;
    double measured = 0;  // share of known images rejected, others than it was fitted on

    bool rejects(const Likeness& likeness) const {
        return likeness.key < least.key || likeness.class_mean < least.class_mean;
    }
};

struct Calibration {
    double temperature = 1;             // probabilities = softmax(logits / temperature)
    std::int64_t images = 0;            // it was fitted on; 0: never
    std::vector<Threshold> thresholds;  // by `wanted`, rising; none: never fitted

    /// The one with the largest `wanted` up to `false_alarms`, or null.
    const Threshold* threshold_for(double false_alarms) const;
};

/// softmax(logits / temperature).
std::vector<double> probabilities(std::span<const float> logits, double temperature);

/// Scores [n, C] of n images and their labels in 0..C-1.
struct Scored {
    std::span<const float> logits;
    std::span<const std::int64_t> labels;

    std::span<const float> row(std::size_t i) const {
        const std::size_t classes = logits.size() / labels.size();
        return logits.subspan(i * classes, classes);
    }
};

/// The temperature T in [1/50, 50] with the least mean of -log softmax(logits / T)[label]. Source:
/// Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
double fit_temperature(const Scored& scored);

/// Mean of -log softmax(logits / T)[label].
double negative_log_likelihood(const Scored& scored, double temperature);

/// Expected calibration error over `bins` equal intervals of the largest probability p:
///   sum over bins of  images in it / n * | their accuracy - their mean p |
/// Source: Guo et al., equation 3.
double calibration_error(const Scored& scored, double temperature, int bins = 15);

/// Thresholds such that at most the share `wanted` of `fitted` is rejected: each likeness rejects
/// at most half of them; where a likeness is the same for all images, the other one may reject all.
/// `held_out`, other images, tell what they do (`measured`).
Threshold fit_threshold(std::span<const Likeness> fitted, std::span<const Likeness> held_out,
                        double wanted);

}  // namespace promptcl::model
