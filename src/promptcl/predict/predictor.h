// A classifier over its frozen ViT, ready to answer; without LibTorch.
#pragma once

#include "promptcl/predict/backbone.h"
#include "promptcl/predict/head.h"
#include "promptcl/predict/prompts.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace promptcl::predict {

/// What a classifier says of one image. Letters: C classes, D width.
struct Answer {
    std::vector<float> logits;          // [C]
    std::vector<std::int64_t> prompts;  // the image's own choice; empty without a pool
    model::Likeness likeness;
    std::vector<float> query, feature;  // [D]: what it was chosen by, what the head was given
};

/// Each image chooses its own prompts: what stands beside it in a call never changes a bit of its
/// answer. The numbers are those of the learner that trained it, but for rounding. Any number of
/// threads may ask at once.
class Predictor {
  public:
    /// Throws Error when the classifier belongs to another ViT or asks for another arithmetic;
    /// `name` is what errors call it.
    Predictor(std::shared_ptr<const Backbone> backbone, model::Classifier classifier,
              const std::string& name);

    const model::Classifier& classifier() const { return classifier_; }
    const Backbone& backbone() const { return *backbone_; }

    /// Of images [count, 3, S, S] in [0, 1].
    std::vector<Answer> answer(std::span<const float> images, std::int64_t count) const;

    // The steps of an answer, for who lets something else choose the prompts.
    std::vector<Choice> choose(std::span<const float> images, std::int64_t count) const;
    /// The head's input [D] of each image with these prompts, a choice an image.
    std::vector<std::vector<float>> features(std::span<const float> images,
                                             std::span<const Choice> choices) const;
    std::vector<float> logits(std::span<const float> feature) const {
        return head_.logits(feature);
    }

  private:
    /// [count, D].
    std::vector<float> queries(engine::Engine& engine, std::span<const float> images,
                               std::int64_t count) const;
    std::vector<float> features(engine::Engine& engine, std::span<const float> images,
                                std::span<const Choice> choices) const;
    std::vector<Choice> chosen(const std::vector<float>& queries) const;
    bool reads_query() const;

    std::shared_ptr<const Backbone> backbone_;
    model::Classifier classifier_;
    Prompts prompts_;
    Head head_;
    ClassMeans means_;
    engine::Readout readout_;
};

}  // namespace promptcl::predict
