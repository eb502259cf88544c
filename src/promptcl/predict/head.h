// From what the ViT says of an image to scores of classes.
#pragma once

#include "promptcl/model/classifier.h"

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::predict {

/// The last step of a classifier. Letters: D width, C classes.
class Head {
  public:
    explicit Head(const model::Classifier& classifier);

    /// Scores [C] of the head's input [D] (of ncm: the query). With norm_pre_logits of its
    /// direction:  (x / (|x| + 1e-10) kernel + bias) / temperature;  ncm: the cosine with each
    /// class's mean, -1 for a class without images. Source: spec sections 3 and 4.
    std::vector<float> logits(std::span<const float> input) const;

  private:
    bool ncm_, normalize_;
    float temperature_;
    std::int64_t classes_;
    std::vector<float> kernel_, bias_;  // [D, C], [C]
    std::vector<bool> known_;           // of ncm: classes with an image
};

/// Cosines of queries with the mean queries of the classes.
class ClassMeans {
  public:
    explicit ClassMeans(const model::Classifier& classifier);

    /// The largest of a query [D]; 1 when nothing is known of any class.
    double nearest(std::span<const float> query) const;

  private:
    std::vector<std::vector<float>> directions_;  // of classes that something is known of
};

}  // namespace promptcl::predict
