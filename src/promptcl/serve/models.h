// The model files in service.
#pragma once

#include "promptcl/data/transform.h"
#include "promptcl/predict/predictor.h"
#include "promptcl/predict/shown_answer.h"
#include "promptcl/serve/batcher.h"
#include "promptcl/serve/metrics.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::serve {

/// A ViT in memory and the queue in front of it, shared by all classifiers that compute with it.
struct SharedVit {
    SharedVit(std::shared_ptr<const predict::Backbone> opened, std::int64_t most_at_once,
              Metrics& metrics)
        : backbone(std::move(opened)),
          batcher(most_at_once, [&metrics](std::int64_t images) { metrics.count_batch(images); }) {}

    std::shared_ptr<const predict::Backbone> backbone;
    Batcher batcher;
};

/// A model file as it was when it was read.
struct ServedModel {
    std::string name;  // its file's, without folder and extension
    std::shared_ptr<SharedVit> vit;
    predict::Predictor predictor;
    data::Transform transform;
    predict::Showing showing;  // where a request does not say otherwise

    const model::Classifier& classifier() const { return predictor.classifier(); }
};
using ModelList = std::vector<std::shared_ptr<const ServedModel>>;

struct ModelOptions {
    std::vector<std::filesystem::path> files;  // at least one
    std::filesystem::path backbone;            // empty: see predict::find_backbone()
    int threads = 0;                           // of a ViT; 0: one for each usable CPU
    std::int64_t top_k = 5;
    std::optional<double> reject;  // share of known images that may be rejected
};

/// Reads model files, and reads them again: whoever holds a model goes on with it, whoever asks
/// afterwards gets the new one. From any thread.
class Models {
  public:
    /// Throws UsageError when two files have one name, and what reading a file throws.
    Models(ModelOptions options, Metrics& metrics);

    /// In the order of the files.
    ModelList all() const;
    /// The first one for an empty name; null when there is none.
    std::shared_ptr<const ServedModel> find(const std::string& name) const;
    /// Reads the file of this name again, for an empty one all files. When one cannot be used
    /// everything stays as it was, and its Error is thrown. The name must be one of them.
    void reload(const std::string& name);

  private:
    /// `known`: models whose ViT it may share.
    std::shared_ptr<const ServedModel> read(const std::filesystem::path& file,
                                            const ModelList& known) const;
    std::shared_ptr<SharedVit> vit_of(const model::Classifier& classifier,
                                      const std::filesystem::path& file,
                                      const ModelList& known) const;

    ModelOptions options_;
    Metrics& metrics_;
    std::mutex reloading_;  // one reload at a time
    mutable std::mutex mutex_;
    ModelList models_;  // guarded by mutex_
};

}  // namespace promptcl::serve
