// The tiny ViT in a file, classifiers over it, and images for them.
#pragma once

#include "promptcl/data/memory_dataset.h"
#include "promptcl/predict/measure.h"

#include "tests/support/small_classifier.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"

#include <memory>
#include <vector>

namespace promptcl::predict {

using support::kTinyImage;

constexpr std::int64_t kPixels = 3 * kTinyImage * kTinyImage;

/// The tiny ViT in a file, opened, and a classifier over it.
class TinyPredictor {
  public:
    explicit TinyPredictor(const config::Config& config, int threads = 2) {
        support::write_checkpoint(folder_ / "vit.npz", support::tiny_checkpoint(3));
        backbone =
            std::make_shared<const Backbone>(folder_ / "vit.npz", arithmetic_of(config), threads);
        classifier = support::small_classifier(config, {"cat", "dog", "owl"});
        classifier.backbone.sha256 = backbone->sha256();
    }
    Predictor predictor() const { return {backbone, classifier, "x.pcl"}; }

    std::shared_ptr<const Backbone> backbone;
    model::Classifier classifier;

  private:
    TemporaryFolder folder_;
};

inline std::vector<float> images(std::int64_t count) {
    return support::random_images(count, kTinyImage, Rng(11));
}

/// Images of 8 x 8 with random pixels and these labels, in one data set.
inline data::MemoryDataset random_dataset(const std::vector<std::int64_t>& labels) {
    Rng rng(12);
    std::vector<std::uint8_t> pixels(labels.size() * static_cast<std::size_t>(kPixels));
    for (auto& value : pixels)
        value = static_cast<std::uint8_t>(rng.below(256));
    return {kTinyImage, kTinyImage, pixels, labels, {{"drawn", std::ssize(labels)}}};
}

/// All of them.
inline LabelledImages all_of(const data::Dataset& images) {
    LabelledImages result{.images = &images, .ids = {}, .classes = {}};
    for (std::int64_t i = 0; i < images.size(); ++i) {
        result.ids.push_back(i);
        result.classes.push_back(images.label(i));
    }
    return result;
}

}  // namespace promptcl::predict
