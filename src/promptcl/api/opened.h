// What the handles of the public headers stand for.
#pragma once

#include "promptcl/classifier.h"
#include "promptcl/data/transform.h"
#include "promptcl/predict/predictor.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace promptcl {

/// A ViT file, packed once for each arithmetic that a classifier over it asks for.
struct Backbone::Opened {
    Opened(std::filesystem::path file, int threads);
    /// One that is packed already, by so many threads.
    Opened(std::shared_ptr<const predict::Backbone> packed, int threads);

    std::shared_ptr<const predict::Backbone> packed(const predict::Arithmetic& arithmetic);

    const std::filesystem::path file;
    const int threads;
    const std::string description;

  private:
    std::mutex mutex_;
    std::vector<std::shared_ptr<const predict::Backbone>> packed_;  // guarded by mutex_
};

struct Classifier::Opened {
    /// `name` is what errors call the classifier.
    Opened(Backbone vit, model::Classifier classifier, std::string name);

    const Backbone vit;
    const std::string name;
    const predict::Predictor predictor;
    const data::Transform transform;

    const model::Classifier& classifier() const { return predictor.classifier(); }
};

}  // namespace promptcl
