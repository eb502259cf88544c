// What a classifier makes of labelled images: class means, calibration, accuracy.
#pragma once

#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/predict/predictor.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace promptcl::predict {

/// Images of a data set, and the class of each by its place in the classifier.
struct LabelledImages {
    const data::Dataset* images = nullptr;
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> classes;
};

/// Told after every few images; what it throws ends the work.
using OnProgress = std::function<void(std::int64_t done, std::int64_t total)>;
/// Tells `observer`, which must outlive it, how far `what` is.
OnProgress progress_of(data::OpenObserver& observer, std::string what);

/// The un-augmented images of a data set, one answer after the other.
void answer_each(const Predictor& predictor, const data::Dataset& images,
                 std::span<const std::int64_t> ids,
                 const std::function<void(std::size_t place, const Answer& answer)>& take,
                 const OnProgress& progress);

/// At most `most` images of every class, the first ones.
LabelledImages first_of_each_class(const LabelledImages& all, std::int64_t classes,
                                   std::int64_t most);

/// Sets class/query, class/feature and class/images of the classes that the images show.
void set_class_means(model::State& state, const Predictor& predictor, const LabelledImages& shown,
                     const OnProgress& progress);

/// Figures of images that nothing was learnt from.
struct HeldOut {
    std::int64_t images = 0;
    double accuracy = 0;
    // Of the second half of the images; the temperature was fitted on the first.
    double calibration_error_before = 0, calibration_error = 0;
};

/// Fits temperature and thresholds on every second image of each class, and measures them on the
/// others (on the same where there are no others).
HeldOut calibrate(model::State& state, const Predictor& predictor, const LabelledImages& held_out,
                  const OnProgress& progress);

/// The share of the images whose class has the largest logit; of none 0.
double accuracy(const Predictor& predictor, const LabelledImages& images,
                const OnProgress& progress);

}  // namespace promptcl::predict
