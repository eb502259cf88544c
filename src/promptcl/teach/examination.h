// What is said of a classifier after a lesson, but what training itself says.
#pragma once

#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/predict/backbone.h"
#include "promptcl/teach/report.h"

#include <memory>
#include <string>

namespace promptcl::teach {

class Examination {
  public:
    /// The ViT is that of report.config. All of these must outlive it; `name` is what errors call
    /// the classifier.
    Examination(const model::Classifier& before, Report& report, std::string name,
                data::OpenObserver& observer);

    /// What the images of the lesson look like.
    void set_means(model::Classifier& after, const data::Dataset& shown) const;
    /// Accuracy before and after; calibrates where the test images show every class.
    void test(model::Classifier& after, const data::Dataset& tests) const;
    void measure_drift(const model::Classifier& after) const;

  private:
    predict::Predictor predictor(const model::Classifier& classifier) const;
    double accuracy(const model::Classifier& classifier,
                    const predict::LabelledImages& images) const;

    const model::Classifier& before_;
    Report& report_;
    std::string name_;
    data::OpenObserver& observer_;
    std::shared_ptr<const predict::Backbone> backbone_;
};

}  // namespace promptcl::teach
