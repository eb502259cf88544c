#include "promptcl/teach/examination.h"

#include <set>
#include <utility>

namespace promptcl::teach {
namespace {

constexpr std::int64_t kImagesForMeans = 50;  // of a class

/// The images of the classes from `first` up to `last`.
predict::LabelledImages labelled(const data::Dataset& images, std::int64_t first,
                                 std::int64_t last) {
    predict::LabelledImages result{.images = &images, .ids = {}, .classes = {}};
    for (std::int64_t i = 0; i < images.size(); ++i) {
        const std::int64_t label = images.label(i);
        if (label < first || label >= last) continue;
        result.ids.push_back(i);
        result.classes.push_back(label);
    }
    return result;
}

}  // namespace

Examination::Examination(const model::Classifier& before, Report& report, std::string name,
                         data::OpenObserver& observer)
    : before_(before),
      report_(report),
      name_(std::move(name)),
      observer_(observer),
      backbone_(std::make_shared<const predict::Backbone>(
          report.config.init_checkpoint, predict::arithmetic_of(before.state.config),
          static_cast<int>(report.config.num_threads))) {}

predict::Predictor Examination::predictor(const model::Classifier& classifier) const {
    return {backbone_, classifier, name_};
}

double Examination::accuracy(const model::Classifier& classifier,
                             const predict::LabelledImages& images) const {
    return predict::accuracy(predictor(classifier), images,
                             predict::progress_of(observer_, "testing"));
}

void Examination::set_means(model::Classifier& after, const data::Dataset& shown) const {
    const auto all = labelled(shown, 0, after.classes());
    predict::set_class_means(after.state, predictor(after),
                             predict::first_of_each_class(all, after.classes(), kImagesForMeans),
                             predict::progress_of(observer_, "looking at training images"));
    model::count_in_earlier_images(after.state, before_.state, report_.growth);
}

void Examination::test(model::Classifier& after, const data::Dataset& tests) const {
    const auto old = labelled(tests, 0, before_.classes()),
               added = labelled(tests, before_.classes(), after.classes());
    report_.accuracy = {.old_images = std::ssize(old.ids),
                        .new_images = std::ssize(added.ids),
                        .old_before = accuracy(before_, old),
                        .old_after = accuracy(after, old),
                        .new_after = accuracy(after, added)};
    const auto all = labelled(tests, 0, after.classes());
    if (std::set(all.classes.begin(), all.classes.end()).size() != after.state.class_names.size())
        return;
    report_.calibrated = predict::calibrate(after.state, predictor(after), all,
                                            predict::progress_of(observer_, "calibrating"));
}

void Examination::measure_drift(const model::Classifier& after) const {
    report_.drift = predict::drift_between(before_, after, report_.growth.prompts);
}

}  // namespace promptcl::teach
