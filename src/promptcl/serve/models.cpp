#include "promptcl/serve/models.h"

#include "promptcl/core/error.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/predict/find_backbone.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace promptcl::serve {
namespace {

namespace fs = std::filesystem;

/// How often all threads of a ViT are busy at most before the next images get their turn.
constexpr std::int64_t kRounds = 4;

std::string name_of(const fs::path& file) {
    return file.stem().string();
}

void require_different_names(const std::vector<fs::path>& files) {
    std::set<std::string> names;
    for (const fs::path& file : files) {
        if (names.insert(name_of(file)).second) continue;
        throw UsageError(fmt::format("two model files are called {}", name_of(file)),
                         "give one of them another name: requests ask for a model by it");
    }
}

bool fits(const predict::Backbone& backbone, const model::Classifier& classifier) {
    return backbone.sha256() == classifier.backbone.sha256 &&
           backbone.arithmetic() == predict::arithmetic_of(classifier.state.config);
}

}  // namespace

Models::Models(ModelOptions options, Metrics& metrics)
    : options_(std::move(options)), metrics_(metrics) {
    require(!options_.files.empty(), "at least one model file is served");
    require_different_names(options_.files);
    reload("");
}

ModelList Models::all() const {
    const std::lock_guard lock(mutex_);
    return models_;
}

std::shared_ptr<const ServedModel> Models::find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    if (name.empty()) return models_.front();
    const auto found =
        std::ranges::find(models_, name, [](const auto& model) { return model->name; });
    return found == models_.end() ? nullptr : *found;
}

void Models::reload(const std::string& name) {
    const std::lock_guard one(reloading_);
    const ModelList old = all();
    ModelList fresh, known = old;
    try {
        for (std::size_t i = 0; i < options_.files.size(); ++i) {
            const fs::path& file = options_.files[i];
            const bool wanted = name.empty() || name == name_of(file);
            fresh.push_back(wanted ? read(file, known) : old[i]);
            known.push_back(fresh.back());
        }
    } catch (...) {
        metrics_.count_load(false);
        throw;
    }
    metrics_.count_load(true);
    const std::lock_guard lock(mutex_);
    models_ = std::move(fresh);
}

std::shared_ptr<const ServedModel> Models::read(const fs::path& file,
                                                const ModelList& known) const {
    auto classifier = model::read_classifier(file);
    const auto vit = vit_of(classifier, file, known);
    predict::Predictor predictor(vit->backbone, std::move(classifier), file.string());
    const data::Transform transform(predictor.classifier().state.config.images);
    auto model = std::make_shared<ServedModel>(ServedModel{.name = name_of(file),
                                                           .vit = vit,
                                                           .predictor = std::move(predictor),
                                                           .transform = transform,
                                                           .showing = {}});
    model->showing = {.top_k = options_.top_k,
                      .threshold = nullptr,
                      .likeness = predict::knows_its_classes(model->classifier())};
    if (options_.reject) {
        model->showing.threshold = &predict::threshold_of(model->classifier().state.calibration,
                                                          *options_.reject, file.string());
    }
    return model;
}

std::shared_ptr<SharedVit> Models::vit_of(const model::Classifier& classifier, const fs::path& file,
                                          const ModelList& known) const {
    for (const auto& model : known) {
        if (fits(*model->vit->backbone, classifier)) return model->vit;
    }
    auto backbone = std::make_shared<const predict::Backbone>(
        predict::find_backbone(classifier, file, options_.backbone),
        predict::arithmetic_of(classifier.state.config), options_.threads);
    const std::int64_t most = kRounds * backbone->images_at_once();
    return std::make_shared<SharedVit>(std::move(backbone), most, metrics_);
}

}  // namespace promptcl::serve
