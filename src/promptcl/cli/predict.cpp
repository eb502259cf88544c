// `promptcl predict` without LibTorch.
#include "promptcl/cli/answers.h"
#include "promptcl/cli/commands.h"
#include "promptcl/cli/image_paths.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/core/error.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/from_run.h"
#include "promptcl/predict/file_images.h"
#include "promptcl/predict/find_backbone.h"
#include "promptcl/predict/predictor.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 16;

predict::Predictor open_file(const PredictOptions& options) {
    auto classifier = model::read_classifier(options.model);
    const auto backbone = std::make_shared<const predict::Backbone>(
        predict::find_backbone(classifier, options.model, options.backbone),
        predict::arithmetic_of(classifier.state.config), static_cast<int>(options.threads));
    return {backbone, std::move(classifier), options.model.string()};
}

/// The newest checkpoint of a run, as it is: not calibrated, and nobody knows what its classes look
/// like.
predict::Predictor open_run(const PredictOptions& options) {
    const auto [run, path] = model::newest_run_model(options.model);
    const auto backbone = std::make_shared<const predict::Backbone>(
        options.config.init_checkpoint, predict::arithmetic_of(run.config),
        static_cast<int>(options.config.num_threads));
    return {backbone, model::classifier_of_run(run, backbone->geometry(), options.model.string()),
            options.model.string()};
}

const model::Threshold* threshold_of(const PredictOptions& options,
                                     const model::Calibration& calibration) {
    if (!options.reject) return nullptr;
    if (calibration.thresholds.empty()) {
        throw UsageError(fmt::format("{} does not know what its classes look like, so it cannot "
                                     "reject an image",
                                     options.model.string()),
                         "make it with `promptcl export` where the run's data are at hand");
    }
    const auto* threshold = calibration.threshold_for(*options.reject);
    if (threshold == nullptr) {
        throw UsageError(
            fmt::format("--reject {} is below the least share that {} knows, {}", *options.reject,
                        options.model.string(), calibration.thresholds.front().wanted),
            "give a larger one");
    }
    return threshold;
}

bool knows_its_classes(const model::Classifier& classifier) {
    const auto images = classifier.state.arrays.at("class/images").as_float();
    return std::ranges::any_of(images, [](float count) { return count > 0; });
}

/// Answers pictures, and says on standard error which could not be read.
class Answering {
  public:
    explicit Answering(const PredictOptions& options)
        : options_(options),
          predictor_(options.is_run ? open_run(options) : open_file(options)),
          loader_(predictor_.classifier().state.config, static_cast<int>(options.threads)),
          printer_(options.form),
          threshold_(threshold_of(options, predictor_.classifier().state.calibration)),
          knows_classes_(knows_its_classes(predictor_.classifier())) {}

    bool all_read() const { return broken_ == 0; }

    void answer(std::span<const fs::path> files) {
        const auto loaded = loader_.load(files);
        const auto answers = predictor_.answer(loaded.pixels, std::ssize(loaded.places));
        line_.clear();
        auto next = answers.begin();
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (loaded.problems[i].empty()) {
                printer_.print(shown(files[i], *next++));
            } else {
                ++broken_;
                fmt::print(stderr, "promptcl: {}\n", loaded.problems[i]);
            }
        }
    }
    void answer_all(const std::vector<fs::path>& files) {
        for (std::size_t first = 0; first < files.size() && !interrupted(); first += kBatch) {
            const std::size_t count = std::min(files.size() - first, kBatch);
            answer(std::span(files).subspan(first, count));
            line_.show("predicting", static_cast<std::int64_t>(first + count), std::ssize(files),
                       "");
        }
        line_.clear();
    }

  private:
    ShownAnswer shown(const fs::path& file, const predict::Answer& answer) const {
        const model::State& state = predictor_.classifier().state;
        ShownAnswer result{.image = file.string(),
                           .classes = best_classes(
                               model::probabilities(answer.logits, state.calibration.temperature),
                               state.class_names, options_.top_k),
                           .prompts = answer.prompts,
                           .likeness = std::nullopt};
        if (knows_classes_) {
            result.likeness = {
                .key = answer.likeness.key,
                .class_mean = answer.likeness.class_mean,
                .rejected = threshold_ != nullptr && threshold_->rejects(answer.likeness)};
        }
        return result;
    }

    const PredictOptions& options_;
    predict::Predictor predictor_;
    predict::ImageLoader loader_;
    AnswerPrinter printer_;
    const model::Threshold* threshold_;
    bool knows_classes_;
    ProgressLine line_;
    std::int64_t broken_ = 0;
};

void answer_listed(Answering& answering) {
    std::ios::sync_with_stdio(false);  // else a stream does not know what has come
    while (!interrupted()) {
        const auto files = next_listed(std::cin, kBatch);
        if (files.empty()) return;
        answering.answer(files);
    }
}

void answer_watched(Answering& answering, const fs::path& folder) {
    WatchedFolder watched(folder);
    for (auto files = watched.next(); !files.empty(); files = watched.next())
        answering.answer_all(files);
}

}  // namespace

int run_predict(const PredictOptions& options) {
    watch_for_interrupts();
    const auto files = picture_paths(options.images);
    Answering answering(options);
    answering.answer_all(files);
    if (options.listed) answer_listed(answering);
    if (!options.watch.empty()) answer_watched(answering, options.watch);
    if (interrupted() && options.watch.empty()) return interrupt_exit_code();
    return static_cast<int>(answering.all_read() ? ExitCode::kSuccess : ExitCode::kWorld);
}

bool needs_torch(const PredictOptions& options) {
    if (!options.is_run) return false;
    if (options.config.engine == "plain" || options.config.device != "cpu") return true;
    const auto arrays = model::newest_run_model(options.model).model.arrays;
    return std::ranges::any_of(arrays, [](const auto& named) {
        return named.first.starts_with("Transformer/") || named.first.starts_with("embedding/");
    });
}

}  // namespace promptcl::cli
