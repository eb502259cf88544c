// A frozen ViT opened once, for any number of classifiers over it.
#pragma once

#include "promptcl/engine/engine.h"
#include "promptcl/model/classifier.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace promptcl::predict {

/// What a ViT is asked to compute, beside its weights.
struct Arithmetic {
    std::int64_t input_size = 224;
    engine::Gelu gelu = engine::Gelu::kTanh;

    friend bool operator==(const Arithmetic&, const Arithmetic&) = default;
};
Arithmetic arithmetic_of(const config::Config& config);

/// Any number of threads may use one at once: they take turns.
class Backbone {
  public:
    /// Reads and packs a ViT file. `threads`: 0 for one for each usable CPU. Throws Error naming
    /// the file, UsageError when the input size does not fit its patches.
    Backbone(const std::filesystem::path& file, const Arithmetic& arithmetic, int threads = 0);

    const std::filesystem::path& file() const { return file_; }
    const std::string& sha256() const { return sha256_; }
    const backbone::Geometry& geometry() const { return engine_->geometry(); }
    const Arithmetic& arithmetic() const { return arithmetic_; }
    /// The images that keep all threads busy once.
    std::int64_t images_at_once() const { return engine_->images_at_once(); }

    /// Calls `use(engine)` when nobody else uses it.
    void use(const std::function<void(engine::Engine&)>& use) const;

  private:
    std::filesystem::path file_;
    std::string sha256_;
    Arithmetic arithmetic_;
    mutable std::mutex mutex_;
    mutable std::unique_ptr<engine::Engine> engine_;
};

/// Throws Error naming the classifier and both files unless it belongs to that ViT.
void require_belongs(const model::Classifier& classifier, const Backbone& backbone,
                     const std::string& classifier_name);

}  // namespace promptcl::predict
